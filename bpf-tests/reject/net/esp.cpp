// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What ESP carries is encrypted.
// EXPECT: cannot stand directly behind
// EXPECT: net::esp
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/esp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::esp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::esp, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

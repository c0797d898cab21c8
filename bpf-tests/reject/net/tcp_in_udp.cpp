// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TCP does not stand in UDP, though both stand in IP.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::udp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::udp, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

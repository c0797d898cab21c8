// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TCP has a protocol number and no EtherType.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

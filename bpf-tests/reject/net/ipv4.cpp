// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No UDP port says IPv4.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: net::ipv4
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::udp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::udp, net::ipv4>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What an ICMP error quotes starts with an IP header.
// EXPECT: cannot stand directly behind
// EXPECT: net::icmp
// EXPECT: net::udp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::icmp, net::ipv4, net::udp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::icmp, net::udp>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// None of the alternatives leads to ARP.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::ipv6
// EXPECT: net::arp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::icmp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::arp>() ? xdp::drop : xdp::pass;
#endif
}

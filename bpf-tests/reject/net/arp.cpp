// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ARP is beside IPv4, not in it.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::arp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::arp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::ipv4, net::arp>() ? xdp::drop : xdp::pass;
#endif
}

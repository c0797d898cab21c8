// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Nothing stands behind ARP.
// EXPECT: cannot stand directly behind
// EXPECT: net::arp
// EXPECT: net::ipv4
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::arp, net::ipv4>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// VXLAN carries frames: an IP packet does not stand in it.
// EXPECT: cannot stand directly behind
// EXPECT: net::vxlan
// EXPECT: net::ipv4
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
#ifdef BPFXX_ACCEPT
    return move(packet).encapsulate(eth, net::ipv4{}, net::udp{}, net::vxlan::of(7), eth) ? xdp::tx : xdp::drop;
#else
    return move(packet).encapsulate(eth, net::ipv4{}, net::udp{}, net::vxlan::of(7), ip) ? xdp::tx : xdp::drop;
#endif
}

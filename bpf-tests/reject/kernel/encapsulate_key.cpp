// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No GRE directly behind Ethernet: nothing there could name it.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::gre
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
#ifdef BPFXX_ACCEPT
    return move(packet).encapsulate(eth, net::ipv4{}, net::gre{}, ip) ? xdp::tx : xdp::drop;
#else
    return move(packet).encapsulate(eth, net::gre{}, ip) ? xdp::tx : xdp::drop;
#endif
}

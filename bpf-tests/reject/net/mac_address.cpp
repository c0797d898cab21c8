// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A MAC address is no IP address.
// EXPECT: mac_address'
// EXPECT: ip_address'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    return eth->src == eth->dst && ip->source() == ip->destination() ? xdp::drop : xdp::pass;
#else
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    return eth->src == ip->source() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IPv6: its fields, and what it says about where the rest of the packet is. Extension headers: ipv6_extension.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::number;
using test::observe;
using test::told;

BPFXX_XDP(first_half, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6>());
    observe(reason::none, ip->version_class_flow, ip->traffic_class(), ip->flow_label(), ip->payload_length,
            static_cast<u8>(ip->next_header), ip->hop_limit, ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(second_half, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6>());
    auto const from = ip.source(), to = ip.destination();
    observe(reason::none, number(&ip->src.raw[0]), number(&ip->src.raw[8]), number(&ip->dst.raw[0]),
            number(&ip->dst.raw[8]), from == ip->src, to == ip->dst);
    return xdp::pass;
}
BPFXX_XDP(to_tcp, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::tcp>());
    observe(reason::none, segment->src, segment->dst, ip.payload().size(), segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(to_ports, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.destination(), ip.payload().size(), l4.payload().size());
    return xdp::pass;
}
BPFXX_XDP(step_to_tcp, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto ip = BPFXX_TRY(eth.next<net::ipv6>());
    auto segment = BPFXX_TRY(ip.next<net::tcp>());
    observe(reason::none, segment->src, segment->dst, ip.payload().size(), segment.payload().size());
    return xdp::pass;
}
/// IPv6 in IPv6, IPv6 in IPv4, IPv4 in IPv6.
BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    using ip = either<net::ipv4, net::ipv6>;
    auto [eth, outer, inner, segment] = BPFXX_TRY(packet.parse<net::ethernet, ip, ip, net::tcp>());
    observe(reason::none, outer.is<net::ipv6>(), inner.is<net::ipv6>(), segment->src, segment->dst,
            inner.payload().size(), segment.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

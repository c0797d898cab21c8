// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IPv6 extension headers on the way to what is asked for: in one chain, as alternatives, by steps.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(to_tcp, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::tcp>());
    observe(reason::none, segment->src, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(to_ports, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.destination(), l4.payload().size());
    return xdp::pass;
}
BPFXX_XDP(step_to_ports, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto ip = BPFXX_TRY(eth.next<net::ipv6>());
    auto [l4] = BPFXX_TRY(ip.next<either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.destination(), l4.payload().size());
    return xdp::pass;
}
/// A destination that is not among what most packets carry.
BPFXX_XDP(to_icmp, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::icmpv6>());
    observe(reason::none, icmp->type, icmp->code, icmp.payload().size());
    return xdp::pass;
}
/// Extension headers in both of two IPv6 headers.
BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, outer, inner, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::ipv6, net::udp>());
    observe(reason::none, datagram->src, datagram->dst, datagram.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

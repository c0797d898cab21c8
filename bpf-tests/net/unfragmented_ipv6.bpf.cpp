// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Whole packets only: for one protocol, as a question for one of two, by steps.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/unfragmented_ipv6.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(to_tcp, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::unfragmented_ipv6, net::tcp>());
    observe(reason::none, ip->hop_limit, segment->src, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(to_ports, told)(xdp::packet packet) {
    auto [eth, ip, l4] = BPFXX_TRY(packet.parse<net::ethernet, net::unfragmented_ipv6, either<net::tcp, net::udp>>());
    observe(reason::none, ip->hop_limit, l4.source(), l4.payload().size());
    return xdp::pass;
}
BPFXX_XDP(step_to_tcp, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto ip = BPFXX_TRY(eth.next<net::unfragmented_ipv6>());
    auto segment = BPFXX_TRY(ip.next<net::tcp>());
    observe(reason::none, ip->hop_limit, segment->src, segment.payload().size());
    return xdp::pass;
}
/// A field of it is set as one of ipv6.
BPFXX_XDP(set_hops, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::unfragmented_ipv6>());
    packet.rewrite(ip).set<&net::ipv6::hop_limit>(7);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// MPLS labels: one, some, and what the last one carries.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(one_label, told)(xdp::packet packet) {
    auto [eth, top] = BPFXX_TRY(packet.parse<net::ethernet, net::mpls>());
    observe(reason::none, top->entry, top->label(), top->traffic_class(), top->bottom(), top->ttl(),
            top.payload().size());
    return xdp::pass;
}
BPFXX_XDP(one_to_ip, told)(xdp::packet packet) {
    auto [eth, top, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::mpls, net::ipv4>());
    observe(reason::none, top->label(), ip->ttl, ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(in_ip, told)(xdp::packet packet) {
    auto [eth, outer, labels, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, up_to<2, net::mpls>, net::ipv4>());
    observe(reason::none, labels.count, outer->ttl, ip->ttl, ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(stack, told)(xdp::packet packet) {
    auto [eth, labels, ip, segment] = BPFXX_TRY(
        packet.parse<net::ethernet, up_to<4, net::mpls>, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    u64 innermost = 0;
    labels.then([&](net::mpls const &label) BPFXX_LAMBDA { innermost = label.label(); });
    observe(reason::none, labels.count, innermost, ip.is<net::ipv4>(), segment.destination(), segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(exact_stack, told)(xdp::packet packet) {
    auto [eth, tags, labels, ip] = BPFXX_TRY(
        packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, up_to<4, net::mpls>, either<net::ipv4, net::ipv6>>());
    u64 innermost = 0;
    labels.then([&](net::mpls const &label) BPFXX_LAMBDA { innermost = label.label(); });
    observe(reason::none, labels.count, innermost, ip.is<net::ipv4>(), tags.count, ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(by_steps, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto top = BPFXX_TRY(eth.next<net::mpls>());
    auto [bottom, ip] = BPFXX_TRY(top.next<net::mpls, net::ipv6>());
    observe(reason::none, top->label(), bottom->label(), ip->hop_limit, ip.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IPv4: its fields, and what it says about where the rest of the packet is.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(first_half, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    observe(reason::none, ip->version_ihl, ip->tos, ip->total_length, ip->identification, ip->flags_offset, ip->ttl,
            static_cast<u8>(ip->protocol), ip->checksum);
    return xdp::pass;
}
BPFXX_XDP(second_half, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    observe(reason::none, ip->src, ip->dst, ip->fragment(), ip->more_fragments(), ip->dont_fragment(),
            ip->fragment_offset(), ip->header_length(), ip.payload().size());
    return xdp::pass;
}
/// One chain, in which one look tells protocol and fragment.
BPFXX_XDP(to_tcp, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, segment->src, segment->dst, ip.payload().size(), segment.payload().size());
    return xdp::pass;
}
/// The same as a question for one of two.
BPFXX_XDP(to_ports, told)(xdp::packet packet) {
    auto [eth, ip, l4] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.destination(), ip.payload().size(), l4.payload().size());
    return xdp::pass;
}
/// The same by steps.
BPFXX_XDP(step_to_tcp, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto ip = BPFXX_TRY(eth.next<net::ipv4>());
    auto segment = BPFXX_TRY(ip.next<net::tcp>());
    observe(reason::none, segment->src, segment->dst, ip.payload().size(), segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, outer, inner, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ipv4, net::tcp>());
    observe(reason::none, outer->ttl, inner->ttl, segment->src, segment->dst, inner.payload().size(),
            segment.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

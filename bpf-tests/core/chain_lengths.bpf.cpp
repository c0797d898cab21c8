// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Chains that believe no length field, beside the same that do.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

template <class... Words> BPFXX_INLINE auto to_ports(xdp::packet packet) -> reason {
    auto [eth, tags, ip, l4] = BPFXX_TRY(packet.parse<Words..., net::ethernet, up_to<2, net::vlan>,
                                                      either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.destination(), ip.payload().size(), l4.payload().size());
    return reason::none;
}
BPFXX_XDP(ports_within, told)(xdp::packet packet) { return told(to_ports(packet)); }
BPFXX_XDP(ports_ignoring, told)(xdp::packet packet) { return told(to_ports<ignoring_lengths>(packet)); }
BPFXX_XDP(ports_exactly, told)(xdp::packet packet) { return told(to_ports<exactly, ignoring_lengths>(packet)); }
BPFXX_XDP(ports_in_turn, told)(xdp::packet packet) { return told(to_ports<ignoring_lengths, exactly>(packet)); }

/// Optional headers, and IP in IP.
BPFXX_XDP(tunnelled, told)(xdp::packet packet) {
    auto [eth, outer, tunnel, inner, segment] =
        BPFXX_TRY(packet.parse<ignoring_lengths, net::ethernet, net::ipv4, maybe<net::gre>,
                               either<net::ipv6, net::ipv4>, net::tcp>());
    observe(reason::none, segment->src, outer.payload().size(), inner.payload().size(), segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(perhaps, told)(xdp::packet packet) {
    auto [eth, ip, datagram] =
        BPFXX_TRY(packet.parse<ignoring_lengths, net::ethernet, net::ipv6, maybe<net::udp, net::tcp>>());
    observe(reason::none, bool{datagram}, ip.payload().size());
    return xdp::pass;
}

/// One chain after the other: each says for itself what it believes.
BPFXX_XDP(ignoring_later, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    auto datagram = BPFXX_TRY(ip.next<ignoring_lengths, net::udp>());
    observe(reason::none, ip.payload().size(), datagram.payload().size());
    return xdp::pass;
}
BPFXX_XDP(ignoring_before, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<ignoring_lengths, net::ethernet, net::ipv4>());
    auto datagram = BPFXX_TRY(ip.next<net::udp>());
    observe(reason::none, ip.payload().size(), datagram.payload().size());
    return xdp::pass;
}
BPFXX_XDP(quoted_whole, told)(xdp::packet packet) {
    auto [eth, ip, message] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    auto [inner, datagram] = BPFXX_TRY(message.payload().assume<ignoring_lengths, net::ipv4, net::udp>());
    observe(reason::none, message.payload().size(), inner.payload().size(), datagram.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

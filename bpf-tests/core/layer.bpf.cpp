// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a layer gives: its header to read and to write, what it carries, what alternatives have in common.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::number;
using test::observe;
using test::told;

/// Turns a datagram round.
BPFXX_XDP(reflect, told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    auto const turn = [](auto &header) BPFXX_LAMBDA {
        auto const from = header.src;
        header.src = header.dst;
        header.dst = from;
    };
    packet.raw(eth, turn); // no sum changes where words change places
    packet.raw(ip, turn);
    packet.raw(udp, turn);
    return xdp::tx;
}

/// A chain of one is its layer.
BPFXX_XDP(single, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    packet.rewrite(eth).set<&net::ethernet::type>(be{net::ether_type{0x88b5}});
    observe(reason::none, eth->type, eth.payload().size());
    return xdp::pass;
}

/// And does all that a layer does.
BPFXX_INLINE auto options_in(layer<net::tcp> const &segment) -> u32 { return segment.options().size(); }
BPFXX_XDP(single_all, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto ip = BPFXX_TRY(eth.next<either<net::ipv4, net::ipv6>>());
    auto l4 = BPFXX_TRY(ip.next<maybe<net::tcp, net::udp>>());
    u32 port = 0, options = 0, own = 0;
    bool const ports = l4.then([&](auto const &h) BPFXX_LAMBDA { port = h.source().value(); });
    u64 const size = ip.visit([](auto const &h) BPFXX_LAMBDA -> u64 { return sizeof(h); });
    if (l4.is<net::tcp>()) {
        auto segment = BPFXX_TRY(ip.next<net::tcp>());
        options = options_in(segment);
        own = segment.options().size() + segment.destination().value();
    }
    observe(reason::none, ip.is<net::ipv6>(), size, ip.source() == ip.destination(), ports, port, options, own);
    return xdp::pass;
}

BPFXX_XDP(common, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    auto const from = ip.source(), to = ip.destination();
    observe(reason::none, number(from.raw), number(from.raw + 8), number(to.raw), number(to.raw + 8), l4.source(),
            l4.destination(), ip.payload().size(), l4.payload().size());
    return xdp::pass;
}

/// Writing through raw(): one hop less, whatever the family.
BPFXX_XDP(one_hop, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    u32 left = 0;
    packet.raw(ip, [&left](auto &h) BPFXX_LAMBDA {
        if constexpr (requires { h.ttl; })
            left = --h.ttl;
        else
            left = --h.hop_limit;
    });
    observe(reason::none, left, ip.is<net::ipv4>(), ip.is<net::ipv6>());
    return left == 0 ? xdp::drop : xdp::pass;
}

BPFXX_XDP(three_ways, told)(xdp::packet packet) {
    auto [eth, any] = BPFXX_TRY(packet.parse<net::ethernet, either<net::arp, net::ipv4, net::ipv6>>());
    u64 const which = any.is<net::arp>() + any.is<net::ipv4>() * 2u + any.is<net::ipv6>() * 4u;
    auto const size = any.visit([](auto const &h) BPFXX_LAMBDA -> u64 { return sizeof(h); });
    observe(reason::none, which, size, any.payload().size());
    return xdp::pass;
}

/// Steps from a layer, one of them wrong.
BPFXX_XDP(onwards, told)(xdp::packet packet) {
    auto [eth, tags, ip] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>>());
    auto const up = ip.upper();
    u64 const tcp = ip.next<net::tcp>().why() == reason::none, udp = ip.next<net::udp>().why() == reason::none;
    observe(up.why, up.to.key, tcp, udp, ip.next<net::tcp>().why(), ip.next<net::udp>().why());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

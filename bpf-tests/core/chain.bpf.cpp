// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Chains of every shape: fixed, repeated, alternative, nested, step by step.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
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

BPFXX_XDP(plain, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, eth->type, ip->src, segment->src, segment->dst, segment.payload().size());
    return xdp::pass;
}

/// The same by steps: the answer must not depend on how a chain is written.
BPFXX_XDP(stepwise, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto ip = BPFXX_TRY(eth.next<net::ipv4>());
    auto segment = BPFXX_TRY(ip.next<net::tcp>());
    observe(reason::none, eth->type, ip->src, segment->src, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(two_and_one, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    auto segment = BPFXX_TRY(ip.next<net::tcp>());
    observe(reason::none, eth->type, ip->src, segment->src, segment->dst, segment.payload().size());
    return xdp::pass;
}

/// Header by header.
BPFXX_XDP(in_order, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, eth->type, ip->src, segment->src, segment->dst, segment.payload().size());
    return xdp::pass;
}

BPFXX_XDP(datagram, told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    observe(reason::none, ip.payload().size(), udp.payload().size(), udp->length);
    return xdp::pass;
}

/// What the payload of TCP starts with: two headers of the program's own, of which one has a check.
struct line {
    static constexpr auto id = any<net::tcp_port>{};
    u8 text[4];
};
struct request : line {
    BPFXX_INLINE constexpr auto valid() const -> bool { return text[0] == 'G'; }
};
template <class... Steps> BPFXX_INLINE auto first_line(xdp::packet packet) -> reason {
    auto [eth, ip, segment, first] = BPFXX_TRY(packet.parse<Steps...>());
    observe(reason::none, first->text[3], first.payload().size());
    return reason::none;
}
BPFXX_XDP(any_line, told)(xdp::packet packet) {
    return told(first_line<net::ethernet, net::ipv4, net::tcp, line>(packet));
}
BPFXX_XDP(any_line_exact, told)(xdp::packet packet) {
    return told(first_line<exactly, net::ethernet, net::ipv4, net::tcp, line>(packet));
}
BPFXX_XDP(its_line, told)(xdp::packet packet) {
    return told(first_line<net::ethernet, net::ipv4, net::tcp, request>(packet));
}
BPFXX_XDP(its_line_exact, told)(xdp::packet packet) {
    return told(first_line<exactly, net::ethernet, net::ipv4, net::tcp, request>(packet));
}

BPFXX_XDP(arp, told)(xdp::packet packet) {
    auto [eth, arp] = BPFXX_TRY(packet.parse<net::ethernet, net::arp>());
    observe(reason::none, arp->operation, arp.payload().size());
    return xdp::pass;
}

BPFXX_XDP(tags_1, told)(xdp::packet packet) {
    auto [eth, tag, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, maybe<net::vlan>, net::ipv4, net::udp>());
    u64 innermost = 0;
    bool const some = tag.then([&](net::vlan const &v) BPFXX_LAMBDA { innermost = v.identifier(); });
    observe(reason::none, some, innermost, udp->dst, udp.payload().size(), static_cast<bool>(tag), tag.is<net::vlan>());
    return xdp::pass;
}
BPFXX_XDP(tags_2, told)(xdp::packet packet) {
    auto [eth, tags, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, net::ipv4, net::udp>());
    u64 innermost = 0;
    bool const some = tags.then([&](net::vlan const &v) BPFXX_LAMBDA { innermost = v.identifier(); });
    observe(reason::none, tags.count, innermost, udp->dst, udp.payload().size(), some, static_cast<bool>(tags));
    return xdp::pass;
}
BPFXX_XDP(tags_3, told)(xdp::packet packet) {
    auto [eth, tags, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, up_to<3, net::vlan>, net::ipv4, net::udp>());
    u64 innermost = 0;
    tags.then([&](net::vlan const &v) BPFXX_LAMBDA { innermost = v.identifier(); });
    observe(reason::none, tags.count, innermost, udp->dst, udp.payload().size());
    return xdp::pass;
}
/// Nothing behind the tags is asked for.
BPFXX_XDP(tags_last, told)(xdp::packet packet) {
    auto [eth, tags] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>>());
    u64 innermost = 0;
    tags.then([&](net::vlan const &v) BPFXX_LAMBDA { innermost = v.identifier(); });
    observe(reason::none, tags.count, innermost);
    return xdp::pass;
}

BPFXX_XDP(families, told)(xdp::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(
        packet.parse<net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    auto const from = ip.source(), to = ip.destination();
    u64 const kind = ip.is<net::ipv6>() * 2u + l4.is<net::udp>();
    auto const hops = ip.visit([](auto const &h) BPFXX_LAMBDA -> u32 {
        if constexpr (requires { h.ttl; })
            return h.ttl;
        else
            return h.hop_limit;
    });
    observe(reason::none, tags.count, kind, number(from.raw + 8), number(to.raw + 8), l4.source(), l4.destination(),
            l4.payload().size(), hops);
    return xdp::pass;
}
/// Header by header.
BPFXX_XDP(families_exact, told)(xdp::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>,
                                                      either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    auto const from = ip.source(), to = ip.destination();
    u64 const kind = ip.is<net::ipv6>() * 2u + l4.is<net::udp>();
    auto const hops = ip.visit([](auto const &h) BPFXX_LAMBDA -> u32 {
        if constexpr (requires { h.ttl; })
            return h.ttl;
        else
            return h.hop_limit;
    });
    observe(reason::none, tags.count, kind, number(from.raw + 8), number(to.raw + 8), l4.source(), l4.destination(),
            l4.payload().size(), hops);
    return xdp::pass;
}
/// The same as steps from alternatives.
BPFXX_XDP(families_steps, told)(xdp::packet packet) {
    auto [eth, tags, ip] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>>());
    auto [l4] = BPFXX_TRY(ip.next<either<net::tcp, net::udp>>());
    auto const from = ip.source(), to = ip.destination();
    u64 const kind = ip.is<net::ipv6>() * 2u + l4.is<net::udp>();
    auto const hops = ip.visit([](auto const &h) BPFXX_LAMBDA -> u32 {
        if constexpr (requires { h.ttl; })
            return h.ttl;
        else
            return h.hop_limit;
    });
    observe(reason::none, tags.count, kind, number(from.raw + 8), number(to.raw + 8), l4.source(), l4.destination(),
            l4.payload().size(), hops);
    return xdp::pass;
}

BPFXX_XDP(extensions, told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::udp>());
    observe(reason::none, udp->src, udp->dst, udp.payload().size());
    return xdp::pass;
}
/// IPv6 alone is complete without what it carries.
BPFXX_XDP(ipv6_alone, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6>());
    observe(reason::none, ip->next_header, ip.payload().size());
    return xdp::pass;
}

BPFXX_XDP(ip_in_ip, told)(xdp::packet packet) {
    auto [eth, outer, inner, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ipv4, net::udp>());
    observe(reason::none, outer->src, inner->src, udp->dst, udp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(any_in_any, told)(xdp::packet packet) {
    using ip = either<net::ipv4, net::ipv6>;
    auto [eth, outer, inner, l4] = BPFXX_TRY(packet.parse<net::ethernet, ip, ip, either<net::tcp, net::udp>>());
    u64 const kind = outer.is<net::ipv6>() * 4u + inner.is<net::ipv6>() * 2u + l4.is<net::udp>();
    observe(reason::none, kind, l4.destination(), l4.payload().size());
    return xdp::pass;
}

/// An ICMP error quotes a packet that no header announces.
BPFXX_XDP(quoted, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    auto [inner, udp] = BPFXX_TRY(icmp.payload().assume<net::ipv4, net::udp>());
    observe(reason::none, icmp->type, inner->src, udp->src, udp->dst, udp.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

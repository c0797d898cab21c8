// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Steps that one look at a header decides: what it carries, and that this is no later fragment.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/unfragmented_ipv4.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

struct of_any_protocol {
    static constexpr auto id = any<net::ip_proto>{};
    be16 first;
};
struct of_two_protocols {
    static constexpr auto id = one_of{net::ether_type{0x88b5}, net::ip_proto{6}, net::ip_proto{17}};
    be16 first;
};

BPFXX_XDP(to_any, told)(xdp::packet packet) {
    auto [eth, ip, own] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, of_any_protocol>());
    observe(reason::none, own->first, own.payload().size());
    return xdp::pass;
}
BPFXX_XDP(to_two, told)(xdp::packet packet) {
    auto [eth, ip, own] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, of_two_protocols>());
    observe(reason::none, own->first, own.payload().size());
    return xdp::pass;
}
BPFXX_XDP(to_either, told)(xdp::packet packet) {
    auto [eth, ip, l4] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.payload().size(), l4.is<net::udp>());
    return xdp::pass;
}
BPFXX_XDP(to_whole, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::unfragmented_ipv4, either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.payload().size(), l4.is<net::udp>());
    return xdp::pass;
}

/// The keys behind GRE are of another space, those behind AH are not.
BPFXX_XDP(perhaps_one, told)(xdp::packet packet) {
    auto [eth, outer, tunnel, inner, udp] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, maybe<net::gre>, net::ipv4, net::udp>());
    observe(reason::none, inner->ttl, static_cast<bool>(tunnel), udp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(perhaps_several, told)(xdp::packet packet) {
    auto [eth, outer, between, inner, udp] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, maybe<net::gre, net::ah>,
                               either<net::ipv4, net::ipv6>, net::udp>());
    u64 const which = between.is<net::gre>() + between.is<net::ah>() * 2u;
    observe(reason::none, which, inner.is<net::ipv6>(), udp->src, udp.payload().size());
    return xdp::pass;
}
/// Here no look decides, for two steps in a row need not be there.
BPFXX_XDP(perhaps_both, told)(xdp::packet packet) {
    auto [eth, outer, tunnel, shell, udp] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, maybe<net::ipv4>, maybe<net::ah>, net::udp>());
    observe(reason::none, static_cast<bool>(tunnel), static_cast<bool>(shell), udp->src, udp.payload().size());
    return xdp::pass;
}
/// What is optional may be in fragments, too.
BPFXX_XDP(perhaps_tunnel, told)(xdp::packet packet) {
    auto [eth, outer, tunnel, udp] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, maybe<net::ipv4>, net::udp>());
    observe(reason::none, static_cast<bool>(tunnel), udp->src, udp.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

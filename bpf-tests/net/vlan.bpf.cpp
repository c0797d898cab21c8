// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// VLAN tags: one that has to be there, some that may be, and what they lead to.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(one_tag, told)(xdp::packet packet) {
    auto [eth, tag] = BPFXX_TRY(packet.parse<net::ethernet, net::vlan>());
    observe(reason::none, tag->tci, tag->type, tag->identifier(), tag->priority(), tag->drop_eligible(),
            tag.payload().size());
    return xdp::pass;
}
BPFXX_XDP(two_tags, told)(xdp::packet packet) {
    auto [eth, outer, inner, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::vlan, net::vlan, net::ipv4>());
    observe(reason::none, outer->identifier(), inner->identifier(), ip->ttl, ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(some_tags, told)(xdp::packet packet) {
    auto [eth, tags, ip] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, net::ipv4>());
    u64 innermost = 0;
    tags.then([&](net::vlan const &tag) BPFXX_LAMBDA { innermost = tag.identifier(); });
    observe(reason::none, tags.count, innermost, ip->ttl, ip.payload().size());
    return xdp::pass;
}
/// What stands behind the tags is not a single protocol.
BPFXX_XDP(tags_any, told)(xdp::packet packet) {
    auto [eth, tags, next] =
        BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6, net::arp>>());
    u64 innermost = 0;
    tags.then([&](net::vlan const &tag) BPFXX_LAMBDA { innermost = tag.identifier(); });
    observe(reason::none, tags.count, innermost, next.is<net::ipv4>(), next.is<net::ipv6>(), next.is<net::arp>());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

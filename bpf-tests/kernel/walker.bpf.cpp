// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Walks over all protocols, in XDP and in TC; over a few; and what a visitor can do.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>
#include <support/protocols.hpp>

using namespace bpfxx;
using test::observation;
using test::observe;

BPFXX_WALKER(over_frame, xdp, test::every_protocol);
BPFXX_WALKER(over_skb, tc, test::every_protocol);
BPFXX_WALKER(over_some, xdp, net::ethernet, net::vlan, net::ipv4, net::udp);

/// The trail: for each header its number, depth, offset and size; then where the walk ended.
template <u32 Depth, class Walker, class Packet> BPFXX_INLINE auto trail(Packet const &packet, u32 first = 0) -> void {
    seen.lookup(0).then([&](observation &to) BPFXX_LAMBDA {
        auto const see = [&to](auto const &h) BPFXX_LAMBDA {
            to.number[bounded<15>(h.depth())] =
                u64{h.index()} << 48 | u64{h.depth()} << 40 | u64{h.offset()} << 16 | h.size();
        };
        auto const end = walk<Depth, Walker>(packet, see, first);
        to.why = static_cast<u64>(end.why);
        to.number[16] = end.depth;
        to.number[17] = end.offset;
        to.number[18] = end.left;
    });
}

BPFXX_XDP(of_frame)(xdp::packet packet) {
    trail<12, over_frame>(packet);
    return xdp::pass;
}
BPFXX_TC(of_skb)(tc::packet packet) {
    trail<12, over_skb>(packet);
    return static_cast<tc::action>(xdp::pass); // so that answers are the same number
}
/// A packet without a frame's header. Its first byte says which IP it is.
BPFXX_XDP(from_ip)(xdp::packet packet) {
    auto const first = BPFXX_TRY(packet.payload().read<u8>());
    trail<12, over_frame>(packet,
                          first >> 4 == 6 ? test::number_of_protocol<net::ipv6> : test::number_of_protocol<net::ipv4>);
    return xdp::pass;
}
BPFXX_XDP(one_step)(xdp::packet packet) {
    trail<1, over_frame>(packet);
    return xdp::pass;
}
BPFXX_XDP(some)(xdp::packet packet) {
    trail<4, over_some>(packet);
    return xdp::pass;
}

/// A visitor reads the headers themselves.
BPFXX_XDP(reads)(xdp::packet packet) {
    u64 tags = 0, ttl = 0, ports = 0, layers = 0;
    auto const see = [&](auto const &h) BPFXX_LAMBDA {
        h.template then<net::vlan>([&](net::vlan const &tag) BPFXX_LAMBDA { tags = tags << 12 | tag.identifier(); });
        h.template then<net::ipv4>([&](net::ipv4 const &ip) BPFXX_LAMBDA { ttl = ttl << 8 | ip.ttl; });
        h.template then<net::ipv6>([&](net::ipv6 const &ip) BPFXX_LAMBDA { ttl = ttl << 8 | ip.hop_limit; });
        if (h.template is<net::udp>() || h.template is<net::tcp>()) ++layers;
        h.template then<net::udp>([&](net::udp const &udp)
                                      BPFXX_LAMBDA { ports = ports << 16 | udp.destination().value(); });
    };
    auto const end = walk<12, over_frame>(packet, see);
    observe(end.why, tags, ttl, ports, layers, end.depth);
    return xdp::pass;
}
/// A walk may start behind a key and at an offset, and a visitor may end it. Here behind the frame's header, at UDP. What
/// each kind adds is a constant, so it is added up in the map: kernels before 6.5 would tell every sum from every other.
BPFXX_XDP(behind_frame)(xdp::packet packet) {
    auto const eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto *const to = BPFXX_TRY(seen.lookup(0));
    u64 order = 0;
    auto const see = [&](auto const &h) BPFXX_LAMBDA {
        order = order << 8 | h.index();
        h.visit([&](auto const &header) BPFXX_LAMBDA { to->number[1] = to->number[1] << 8 | sizeof(header); });
        return !h.template is<net::udp>();
    };
    u32 const offset = eth->dst.raw[0] == 0xff ? 0xffff : sizeof(net::ethernet);
    auto const end = walk<12, over_frame>(packet, see, over_frame::key_of(eth->type), offset);
    to->why = static_cast<u64>(end.why);
    to->number[0] = order;
    to->number[2] = end.depth;
    to->number[3] = end.offset;
    return xdp::pass;
}
/// Counts that a program compares: each of some size, so that more than 12 would be seen as well.
BPFXX_XDP(counts)(xdp::packet packet) {
    u8 tags = 0;
    u16 ips = 0;
    u32 ports = 0;
    u64 bytes = 0;
    auto const end = walk<12, over_frame>(packet, [&](auto const &found) BPFXX_LAMBDA {
        if (found.template is<net::vlan>()) ++tags;
        if (found.template is<net::ipv4>() || found.template is<net::ipv6>()) ++ips;
        found.template then<net::udp>([&](net::udp const &udp)
                                          BPFXX_LAMBDA { ports += udp.destination().value() == 4789; });
        bytes += found.size();
        found.forget(tags, ips, ports, bytes);
    });
    observe(end.why, tags, ips, ports, bytes);
    if (tags > 1 && ips == 2) return ports == 1 ? xdp::tx : xdp::drop;
    return tags == 3 || ips > 4 || bytes > 400 ? xdp::aborted : xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Headers that may be missing: in the middle of a chain, at its end, of another key space than what is before.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

/// Generic Routing Encapsulation without options (RFC 2784): behind it, keys are of another space than before it.
struct gre {
    static constexpr auto id = net::ip_proto{47};
    be16 flags_version;
    be<net::ether_type> type;

    BPFXX_INLINE constexpr auto valid() const -> bool { return flags_version == be16{0}; }
    BPFXX_INLINE constexpr auto next() const { return type; }
};

/// The inner IPv4 header is named by an ip_proto, or by an ether_type if GRE is there.
BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, outer, tunnel, inner, udp] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, maybe<gre>, net::ipv4, net::udp>());
    observe(reason::none, static_cast<bool>(tunnel), outer->src, inner->src, udp->dst, udp.payload().size());
    return xdp::pass;
}
/// The same with alternatives on both sides.
BPFXX_XDP(tunnels, told)(xdp::packet packet) {
    using ip = either<net::ipv4, net::ipv6>;
    auto [eth, outer, tunnel, inner, udp] = BPFXX_TRY(packet.parse<net::ethernet, ip, maybe<gre>, ip, net::udp>());
    observe(reason::none, static_cast<bool>(tunnel), outer.is<net::ipv6>(), inner.is<net::ipv6>(), udp->dst,
            udp.payload().size());
    return xdp::pass;
}

/// What is carried may be none of these.
BPFXX_XDP(perhaps, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, maybe<net::tcp, net::udp>>());
    u64 port = 0;
    bool const some = l4.then([&](auto const &h) BPFXX_LAMBDA { port = h.destination().value(); });
    observe(reason::none, ip.is<net::ipv6>(), some, l4.is<net::tcp>(), l4.is<net::udp>(), port, ip.payload().size());
    return xdp::pass;
}

/// Asked for once more behind calls of helpers. The key that told whether it is there could tell it again, if it were not
/// that the verifier, on the way on which it is not there, does not know which key it is not.
BPFXX_MAP(sums, spec::hash<u32, u64, 8>);
template <class Tag> BPFXX_INLINE auto twice(Tag const &tag, u64 &sum) -> bool {
    tag.then([&](auto const &h) BPFXX_LAMBDA { sum = sum * 3 + h.identifier(); });
    sums.update(static_cast<u32>(sum & 7), sum);
    bool const known = sums.contains(3);
    tag.then([&](auto const &h) BPFXX_LAMBDA { sum = sum * 5 + h.priority(); });
    return known;
}
BPFXX_XDP(asked_again, told)(xdp::packet packet) {
    auto [eth, tag] = BPFXX_TRY(packet.parse<net::ethernet, maybe<net::vlan>>());
    u64 sum = 1;
    bool const known = twice(tag, sum);
    observe(reason::none, sum, known);
    return xdp::pass;
}
BPFXX_XDP(tags_again, told)(xdp::packet packet) {
    auto [eth, tags] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>>());
    u64 sum = 1;
    bool const known = twice(tags, sum);
    observe(reason::none, sum, known);
    return known ? xdp::drop : xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Chains over several IPv6 headers, which are loops to the verifier: ways of different lengths lead to each of them.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;
using ip = either<net::ipv4, net::ipv6>;

BPFXX_XDP(ways, told)(xdp::packet packet) {
    auto [eth, tags, outer, tunnel, middle, inner, l4] = BPFXX_TRY(
        packet.parse<net::ethernet, up_to<2, net::vlan>, ip, maybe<net::gre>, ip, ip, either<net::udp, net::tcp>>());
    observe(reason::none, tags.count, outer.is<net::ipv6>(), static_cast<bool>(tunnel), middle.is<net::ipv6>(),
            inner.is<net::ipv6>(), l4.is<net::tcp>(), l4.destination().value(), l4.payload().size(),
            l4.payload().read<u8>().value_or(0));
    return xdp::pass;
}

/// A header as long as it says, of which two can be longer than what a chain steps over.
struct stretch {
    static constexpr auto id = one_of{net::ether_type{0x88b5}, net::ether_type{0x88b6}};
    be16 length;
    be<net::ether_type> type;

    BPFXX_INLINE constexpr auto size() const -> u32 { return length.value(); }
    BPFXX_INLINE constexpr auto next() const { return type; }
};
BPFXX_XDP(stretched, told)(xdp::packet packet) {
    auto [eth, first, second, outer, inner] = BPFXX_TRY(packet.parse<net::ethernet, stretch, stretch, ip, ip>());
    observe(reason::none, inner.is<net::ipv6>(), inner.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

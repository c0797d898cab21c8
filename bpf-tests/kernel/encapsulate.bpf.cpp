// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Tunnels around a packet, in one source for XDP and TC.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>
#include <support/observe.hpp>
using namespace bpfxx;
using test::told;

BPFXX_LICENSE("GPL");

constexpr auto told_tc(reason why) -> tc::action { return test::told_as<tc::action>(why); }

/// From one end of the tunnel to the other.
BPFXX_INLINE constexpr auto end(u8 last) -> net::ip_address {
    net::ip_address a;
    a.raw[0] = 0xfc;
    a.raw[15] = last;
    return a;
}
constexpr net::ipv4 from_a_to_b{.ttl = 32, .src = be32{0x0a000001}, .dst = be32{0x0a000002}};
constexpr net::ipv6 from_a_to_b6{.hop_limit = 32, .src = end(1), .dst = end(2)};
constexpr net::udp tunnel_port{.src = be{net::udp_port{50000}}};
using any_ip = either<net::ipv4, net::ipv6>;

#define ONE(name)                                                                                                      \
    BPFXX_XDP(name, told)(xdp::packet packet) {                                                                        \
        BPFXX_TRY(name##_of(packet));                                                                                  \
        return xdp::pass;                                                                                              \
    }
#define BOTH(name)                                                                                                     \
    ONE(name)                                                                                                          \
    BPFXX_TC(name##_tc, told_tc)(tc::packet packet) {                                                                  \
        BPFXX_TRY(name##_of(packet));                                                                                  \
        return tc::ok;                                                                                                 \
    }

/// IP in these headers, behind the Ethernet header that it has.
template <class Packet, class... Outer>
BPFXX_INLINE auto ip_in(Packet packet, Outer const &...outer) -> result<Packet> {
    auto [eth, ip] = BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip>());
    return move(packet).encapsulate(eth, outer..., ip);
}
/// A frame in these headers, between the stations that it is between itself.
template <class Packet, class... Outer>
BPFXX_INLINE auto frame_in(Packet packet, Outer const &...outer) -> result<Packet> {
    auto eth = BPFXX_TRY(packet.template parse<exactly, net::ethernet>());
    return move(packet).encapsulate(eth, outer..., eth);
}

template <class Packet> BPFXX_INLINE auto ipip_of(Packet packet) { return ip_in(packet, from_a_to_b); }
BOTH(ipip)
/// The kernel lets nobody change the end of what it has to take apart again.
BPFXX_TC(ipip_cut, told_tc)(tc::packet packet) {
    auto outer = BPFXX_TRY(ipip_of(packet));
    BPFXX_TRY(move(outer).shrink_tail(1));
    return tc::ok;
}
template <class Packet> BPFXX_INLINE auto ip6ip_of(Packet packet) { return ip_in(packet, from_a_to_b6); }
BOTH(ip6ip)
template <class Packet> BPFXX_INLINE auto gre_of(Packet packet) { return ip_in(packet, from_a_to_b, net::gre{}); }
BOTH(gre)
template <class Packet> BPFXX_INLINE auto gre_key_of(Packet packet) {
    return ip_in(packet, from_a_to_b6, net::gre::with_key(7));
}
ONE(gre_key)
template <class Packet> BPFXX_INLINE auto gretap_of(Packet packet) { return frame_in(packet, from_a_to_b, net::gre{}); }
BOTH(gretap)
template <class Packet> BPFXX_INLINE auto gue_of(Packet packet) {
    return ip_in(packet, from_a_to_b, tunnel_port, net::gue{});
}
BOTH(gue)
template <class Packet> BPFXX_INLINE auto vxlan_of(Packet packet) {
    return frame_in(packet, from_a_to_b, tunnel_port, net::vxlan::of(0x123456));
}
BOTH(vxlan)
template <class Packet> BPFXX_INLINE auto gue6_of(Packet packet) {
    return ip_in(packet, from_a_to_b6, tunnel_port, net::gue{});
}
BOTH(gue6)
template <class Packet> BPFXX_INLINE auto geneve_of(Packet packet) {
    return frame_in(packet, from_a_to_b, tunnel_port, net::geneve::of(0x654321));
}
BOTH(geneve)
/// An option of class 0x0103, type 4, with one word.
struct note {
    be16 option_class{0x0103};
    u8 type = 4, length = 1;
    be32 word{};
};
template <class Packet> BPFXX_INLINE auto geneve_note_of(Packet packet) {
    return ip_in(packet, from_a_to_b6, tunnel_port, with_options{net::geneve::of(9), note{.word = be32{0xcafe0001}}});
}
BOTH(geneve_note)
template <class Packet> BPFXX_INLINE auto vxlan_gpe_of(Packet packet) {
    return ip_in(packet, from_a_to_b, tunnel_port, net::vxlan_gpe::of(5));
}
ONE(vxlan_gpe)
/// Another port than the usual one.
template <class Packet> BPFXX_INLINE auto vxlan_8472_of(Packet packet) {
    return frame_in(packet, from_a_to_b, net::udp{.dst = be{net::udp_port{8472}}},
                    with_id<net::vxlan, net::udp_port{8472}>{net::vxlan::of(7)});
}
ONE(vxlan_8472)
template <class Packet> BPFXX_INLINE auto mpls_in_gre_of(Packet packet) {
    return ip_in(packet, from_a_to_b, net::gre{}, net::mpls::of(100, 7), net::mpls::of(200, 8));
}
BOTH(mpls_in_gre)
/// An outer header with options: router alert (RFC 2113).
template <class Packet> BPFXX_INLINE auto alert_of(Packet packet) {
    return ip_in(packet, with_options{from_a_to_b, be32{0x94040000}});
}
ONE(alert)
/// Fields of the inner header for the outer one.
template <class Packet> BPFXX_INLINE auto copied_of(Packet packet) -> result<Packet> {
    auto [eth, ip] = BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv4>());
    auto outer = from_a_to_b;
    outer.ttl = ip->ttl;
    outer.tos = ip->tos;
    return move(packet).encapsulate(eth, outer, ip);
}
ONE(copied)
/// Two tunnels at once, and one after the other: the kernel keeps one of them in mind for an skb.
template <class Packet> BPFXX_INLINE auto two_at_once_of(Packet packet) {
    return ip_in(packet, from_a_to_b6, net::gre{}, from_a_to_b);
}
ONE(two_at_once)
template <class Packet> BPFXX_INLINE auto two_of(Packet packet) -> result<Packet> {
    return ip_in(BPFXX_TRY(ip_in(packet, from_a_to_b)), from_a_to_b6);
}
BOTH(two)
BPFXX_XDP(six_times, told)(xdp::packet packet) {
    BPFXX_ROLLED for (u32 i = 0; i < 6; i++) {
        auto [eth, ip] = BPFXX_TRY(packet.parse<exactly, net::ethernet, any_ip>());
        packet = BPFXX_TRY(move(packet).encapsulate(eth, from_a_to_b6, ip));
    }
    return xdp::pass;
}
template <class Packet> BPFXX_INLINE auto vxlan6_of(Packet packet) {
    return frame_in(packet, from_a_to_b6, tunnel_port, net::vxlan::of(7));
}
BOTH(vxlan6)

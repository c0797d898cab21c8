// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Packets out of tunnels, in one source for XDP and TC.
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
#include <bpfxx/net/vxlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>
#include <support/observe.hpp>
using namespace bpfxx;
using test::told;

BPFXX_LICENSE("GPL");

constexpr auto told_tc(reason why) -> tc::action { return test::told_as<tc::action>(why); }

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

/// The packet in IP, behind the outer Ethernet header.
template <class Packet> BPFXX_INLINE auto un_ip_of(Packet packet) -> result<Packet> {
    auto [eth, ip, inner] = BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, any_ip>());
    return move(packet).decapsulate(eth, inner);
}
BOTH(un_ip)
template <class Packet> BPFXX_INLINE auto un_gre_of(Packet packet) -> result<Packet> {
    auto [eth, ip, tunnel, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::gre, any_ip>());
    return move(packet).decapsulate(eth, inner);
}
BOTH(un_gre)
template <class Packet> BPFXX_INLINE auto un_gretap_of(Packet packet) -> result<Packet> {
    auto [eth, ip, tunnel, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::gre, net::ethernet>());
    return move(packet).decapsulate(inner);
}
BOTH(un_gretap)
template <class Packet> BPFXX_INLINE auto un_gue_of(Packet packet) -> result<Packet> {
    auto [eth, ip, udp, tunnel, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::udp, net::gue, any_ip>());
    return move(packet).decapsulate(eth, inner);
}
BOTH(un_gue)
template <class Packet> BPFXX_INLINE auto un_vxlan_of(Packet packet) -> result<Packet> {
    auto [eth, ip, udp, tunnel, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::udp, net::vxlan, net::ethernet>());
    return move(packet).decapsulate(inner);
}
BOTH(un_vxlan)
template <class Packet> BPFXX_INLINE auto un_geneve_of(Packet packet) -> result<Packet> {
    auto [eth, ip, udp, tunnel, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::udp, net::geneve, net::ethernet>());
    return move(packet).decapsulate(inner);
}
BOTH(un_geneve)
template <class Packet> BPFXX_INLINE auto un_geneve_ip_of(Packet packet) -> result<Packet> {
    auto [eth, ip, udp, tunnel, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::udp, net::geneve, any_ip>());
    return move(packet).decapsulate(eth, inner);
}
ONE(un_geneve_ip)
template <class Packet> BPFXX_INLINE auto un_vxlan_gpe_of(Packet packet) -> result<Packet> {
    auto [eth, ip, udp, tunnel, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::udp, net::vxlan_gpe, any_ip>());
    return move(packet).decapsulate(eth, inner);
}
ONE(un_vxlan_gpe)
template <class Packet> BPFXX_INLINE auto un_mpls_of(Packet packet) -> result<Packet> {
    auto [eth, ip, tunnel, stack, inner] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, any_ip, net::gre, up_to<4, net::mpls>, any_ip>());
    return move(packet).decapsulate(eth, inner);
}
ONE(un_mpls)

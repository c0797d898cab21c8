// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// VXLAN-GPE and all that its next protocol may be.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gpe] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::vxlan_gpe>());
    observe(reason::none, gpe->flags, gpe->next_protocol, gpe->vni(), gpe->has_next_protocol(), gpe->is_oam(),
            gpe.payload().size());
    return xdp::pass;
}
/// Two headers of the test's own for what the library has none.
struct service {
    static constexpr auto id = net::ether_type{0x894f};
    u8 raw[8];
};
struct label {
    static constexpr auto id = net::ether_type{0x8847};
    u8 raw[4];
};
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gpe, first] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::vxlan_gpe,
                               either<net::ipv4, net::ipv6, net::ethernet, service, label>>());
    observe(reason::none, first.which, first.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

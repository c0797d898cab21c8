// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// VXLAN, the frame in it, and the same on other ports.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, ip, datagram, vxlan] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::vxlan>());
    observe(reason::none, vxlan->flags, vxlan->vni_reserved, vxlan->vni(), vxlan.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner_frame, told)(xdp::packet packet) {
    auto [eth, ip, datagram, vxlan, inner, inner_ip, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::vxlan, net::ethernet,
                               either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, vxlan->vni(), inner->type, segment->dst, segment.payload().size());
    return xdp::pass;
}
/// Two ports of the program's own; the usual one is none of them.
using own_vxlan = with_id<net::vxlan, net::udp_port{8472}, net::udp_port{4790}>;
BPFXX_XDP(own_ports, told)(xdp::packet packet) {
    auto [eth, ip, datagram, vxlan, inner] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, net::udp, own_vxlan, net::ethernet>());
    observe(reason::none, vxlan->vni(), inner->type, inner.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

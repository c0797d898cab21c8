// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Geneve, its options, and what it carries.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, ip, datagram, geneve] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::geneve>());
    observe(reason::none, geneve->protocol_type, geneve->vni(), geneve->is_control(), geneve->has_critical(),
            geneve.options().size(), geneve.options().read<be16>().value_or(be16{}), geneve.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner_frame, told)(xdp::packet packet) {
    auto [eth, ip, datagram, geneve, inner, inner_ip, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::geneve, net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, geneve->vni(), segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner_ip, told)(xdp::packet packet) {
    auto [eth, ip, datagram, geneve, inner] = BPFXX_TRY(
        packet.parse<exactly, net::ethernet, net::ipv4, net::udp, net::geneve, either<net::ipv4, net::ipv6>>());
    observe(reason::none, inner.is<net::ipv4>(), inner.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

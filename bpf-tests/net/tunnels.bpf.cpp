// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Tunnels as alternatives, as what may be missing, and within each other.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/erspan.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/macsec.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/pppoe.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

/// Three tunnels over UDP, two of them with frames inside and one with packets.
BPFXX_XDP(over_udp, told)(xdp::packet packet) {
    auto [eth, ip, datagram, tunnel, frame, inner] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, either<net::vxlan, net::geneve, net::gtp_u>,
                               maybe<net::ethernet>, net::ipv4>());
    observe(reason::none, tunnel.which, static_cast<bool>(frame), inner->ttl, inner.payload().size());
    return xdp::pass;
}
/// What stands between Ethernet and IP at a provider's.
BPFXX_XDP(at_the_edge, told)(xdp::packet packet) {
    auto [eth, tags, session, labels, ip] =
        BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, maybe<net::pppoe>, up_to<3, net::mpls>,
                               either<net::ipv4, net::ipv6>>());
    observe(reason::none, tags.count, static_cast<bool>(session), labels.count, ip.is<net::ipv4>(),
            ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(one_of_them, told)(xdp::packet packet) {
    auto [eth, first, ip] = BPFXX_TRY(
        packet
            .parse<exactly, net::ethernet, either<net::macsec, net::mpls, net::pppoe>, either<net::ipv4, net::ipv6>>());
    observe(reason::none, first.which, ip.is<net::ipv4>(), ip.payload().size(), first.payload().size());
    return xdp::pass;
}
BPFXX_XDP(perhaps_secured, told)(xdp::packet packet) {
    auto [eth, secured, tags, ip] =
        BPFXX_TRY(packet.parse<net::ethernet, maybe<net::macsec>, up_to<1, net::vlan>, net::ipv4>());
    observe(reason::none, static_cast<bool>(secured), tags.count, ip->ttl, ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(perhaps_gre, told)(xdp::packet packet) {
    auto [eth, outer, tunnel, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, maybe<net::gre>, either<net::ipv4, net::ipv6, net::tcp>>());
    observe(reason::none, static_cast<bool>(tunnel), segment.which, segment.payload().size());
    return xdp::pass;
}
/// A mirrored frame of a mobile network, eleven headers deep.
BPFXX_XDP(deep, told)(xdp::packet packet) {
    auto [eth, ip, gre, erspan, frame, tag, carrier, datagram, gtp, user, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::gre, net::erspan, net::ethernet, net::vlan, net::ipv4,
                               net::udp, net::gtp_u, net::ipv4, net::tcp>());
    observe(reason::none, erspan->session(), tag->identifier(), gtp->teid, user->ttl, segment->dst,
            segment.payload().size());
    return xdp::pass;
}
/// Labels as the last word: nothing is asked of what they carry, but that there is something.
BPFXX_XDP(labels_alone, told)(xdp::packet packet) {
    auto [eth, labels] = BPFXX_TRY(packet.parse<net::ethernet, up_to<3, net::mpls>>());
    u64 innermost = 0;
    labels.then([&](net::mpls const &label) BPFXX_LAMBDA { innermost = label.label(); });
    observe(reason::none, labels.count, innermost);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

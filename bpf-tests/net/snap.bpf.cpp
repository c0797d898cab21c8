// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// SNAP in LLC, and IP in it.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(plain_fields, told)(xdp::packet packet) {
    auto [eth, llc, snap] = BPFXX_TRY(packet.parse<net::ethernet, net::llc, net::snap>());
    observe(reason::none, snap->oui[0], snap->oui[1], snap->oui[2], snap->type, snap->has_ether_type(),
            snap.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [eth, llc, snap, ip, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::llc, net::snap, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, ip.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
/// Ethernet II and IEEE 802.3 alike.
BPFXX_XDP(both_forms, told)(xdp::packet packet) {
    auto [eth, llc, snap, arp] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, maybe<net::llc>, maybe<net::snap>, net::arp>());
    observe(reason::none, static_cast<bool>(llc), static_cast<bool>(snap), arp->operation, arp.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

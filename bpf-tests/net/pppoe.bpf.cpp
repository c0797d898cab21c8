// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// PPPoE sessions, in VLAN tags too.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/pppoe.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(session, told)(xdp::packet packet) {
    auto [eth, ppp] = BPFXX_TRY(packet.parse<net::ethernet, net::pppoe>());
    observe(reason::none, ppp->session_id, ppp->length, ppp->ppp_protocol, ppp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [eth, tags, ppp, ip, segment] = BPFXX_TRY(
        packet.parse<net::ethernet, up_to<2, net::vlan>, net::pppoe, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, ppp->session_id, ip.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(labels, told)(xdp::packet packet) {
    auto [eth, ppp, label, ip] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::pppoe, net::mpls, net::ipv4>());
    observe(reason::none, label->label(), ip.payload().size());
    return xdp::pass;
}
/// Some sessions, some without one.
BPFXX_XDP(perhaps, told)(xdp::packet packet) {
    auto [eth, ppp, ip, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, maybe<net::pppoe>, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, static_cast<bool>(ppp), ip.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

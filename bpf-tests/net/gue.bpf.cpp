// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// GUE, its optional fields, and what it carries.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gue] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::gue>());
    observe(reason::none, gue->protocol_type, gue->flags, gue->is_control(), gue.options().size(),
            gue.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gue, inner, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::gue, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, inner.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
/// A protocol of IP without a second IP header.
BPFXX_XDP(direct, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gue, segment] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, net::udp, net::gue, net::tcp>());
    observe(reason::none, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

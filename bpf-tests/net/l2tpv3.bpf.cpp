// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// L2TPv3 over IP, in three of its forms.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/l2tpv3.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(plain, told)(xdp::packet packet) {
    auto [eth, ip, tunnel] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::l2tpv3>());
    observe(reason::none, tunnel->session_id, tunnel->is_control(), tunnel.options().size(), tunnel.payload().size());
    return xdp::pass;
}
using with_cookie = net::l2tpv3_with<8, 4>;
BPFXX_XDP(cookie, told)(xdp::packet packet) {
    auto [eth, ip, tunnel] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, with_cookie>());
    observe(reason::none, tunnel->session_id, tunnel->is_control(), tunnel.options().size(),
            tunnel.options().read<be64>().value_or(be64{}), tunnel.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [eth, ip, tunnel, frame, inner_ip, segment] = BPFXX_TRY(
        packet.parse<net::ethernet, net::ipv4, net::l2tpv3, net::ethernet, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, tunnel->session_id, frame->type, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner_cookie, told)(xdp::packet packet) {
    auto [eth, ip, tunnel, frame, inner_ip] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, with_cookie, net::ethernet, net::ipv4>());
    observe(reason::none, tunnel->session_id, frame->type, inner_ip.payload().size());
    return xdp::pass;
}
/// A wire that carries IP.
BPFXX_XDP(inner_ip, told)(xdp::packet packet) {
    auto [eth, ip, tunnel, inner_ip] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::l2tpv3_with<4, 0, net::ether_type{0x0800}>, net::ipv4>());
    observe(reason::none, tunnel->session_id, inner_ip->ttl, inner_ip.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

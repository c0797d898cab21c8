// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IP in IP, of all four kinds and as deep as a chain says; and TCP in TCP, which no header announces.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(ipip, told)(xdp::packet packet) { // RFC 2003
    auto [eth, outer, inner, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ipv4, net::tcp>());
    observe(reason::none, outer->ttl, inner->ttl, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(six_in_four, told)(xdp::packet packet) { // RFC 4213
    auto [eth, outer, inner, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ipv6, net::tcp>());
    observe(reason::none, outer->ttl, inner->hop_limit, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(four_in_six, told)(xdp::packet packet) { // RFC 2473
    auto [eth, outer, inner, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::ipv4, net::tcp>());
    observe(reason::none, outer->hop_limit, inner->ttl, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(six_in_six, told)(xdp::packet packet) { // RFC 2473
    auto [eth, outer, inner, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::ipv6, net::tcp>());
    observe(reason::none, outer->hop_limit, inner->hop_limit, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(any_in_any, told)(xdp::packet packet) {
    auto [eth, outer, inner, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, outer.is<net::ipv4>(), inner.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(four_deep, told)(xdp::packet packet) {
    auto [eth, a, b, c, d, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::tcp>());
    observe(reason::none, a->ttl, b->ttl, c->ttl, d->ttl, segment->dst, segment.payload().size());
    return xdp::pass;
}
/// A segment whose payload is a segment: only the program knows.
BPFXX_XDP(tcp_in_tcp, told)(xdp::packet packet) {
    auto [eth, ip, outer] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    auto inner = BPFXX_TRY(outer.payload().assume<net::tcp>());
    observe(reason::none, outer->dst, inner->dst, inner.payload().size(), inner.payload().starts_with("HTTP/1.1"));
    return xdp::pass;
}
/// The same with a whole packet inside, as VPNs over TCP have it.
BPFXX_XDP(ip_in_tcp, told)(xdp::packet packet) {
    auto [eth, ip, outer] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    auto [inner_ip, inner] = BPFXX_TRY(outer.payload().assume<net::ipv4, net::tcp>());
    observe(reason::none, outer->dst, inner_ip->ttl, inner->dst, inner.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

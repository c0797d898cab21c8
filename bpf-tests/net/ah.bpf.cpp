// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// AH over IPv4, and what it leads to.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(authenticated, told)(xdp::packet packet) {
    auto [eth, ip, ah] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ah>());
    observe(reason::none, ah->next_header, ah->length, ah->reserved, ah->spi, ah->sequence, ah.options().size(),
            ah.payload().size());
    return xdp::pass;
}
BPFXX_XDP(segment_in, told)(xdp::packet packet) {
    auto [eth, ip, ah, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ah, net::tcp>());
    observe(reason::none, segment->dst, segment.payload().size());
    return xdp::pass;
}
/// Tunnel mode: a whole packet behind AH.
BPFXX_XDP(tunnelled, told)(xdp::packet packet) {
    auto [eth, ip, ah, inner] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ah, net::ipv4>());
    observe(reason::none, inner->src, inner.payload().size());
    return xdp::pass;
}
/// Over IPv6 it is one of the extension headers; here it is asked for, so what stands before it is stepped over and no more.
BPFXX_XDP(over_ipv6, told)(xdp::packet packet) {
    auto [eth, ip, ah, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::ah, net::tcp>());
    observe(reason::none, ah->spi, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(over_ipv6_in_ip, told)(xdp::packet packet) {
    auto [eth, outer, ip, ah, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::ipv6, net::ah, net::tcp>());
    observe(reason::none, ah->spi, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Networks of both versions, constant ones and one that the verifier does not know.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ip_prefix.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

constexpr net::ipv4_prefix ten{be32{0x0a00'0000}, 8}, all{be32{}, 0}, one{be32{0x0a01'0203}, 32};

BPFXX_XDP(v4, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    net::ipv4_prefix const own{ip->dst, static_cast<u8>(ip->ttl % 33)}; // what the packet says
    observe(reason::none, ten.contains(ip->src), all.contains(ip->src), one.contains(ip->src), own.contains(ip->src),
            ten.contains(ip.source()));
    return xdp::pass;
}
BPFXX_XDP(over_any, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    u8 const length = ip.visit([](auto const &h) BPFXX_LAMBDA {
        if constexpr (is_same<decltype(h), net::ipv6 const &>)
            return h.hop_limit;
        else
            return h.ttl;
    });
    net::ipv6_prefix const own{ip.destination(), static_cast<u8>(length % 129)};
    observe(reason::none, own.contains(ip.source()), ten.contains(ip.source()));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

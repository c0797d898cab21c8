// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Constants in a program.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/literals.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

using namespace bpfxx::net::literals;

constexpr auto router = "02:00:00:00:00:01"_mac;
constexpr auto local = "fe80::/10"_prefix;

BPFXX_XDP(v4, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    observe(reason::none, eth->src == router, ip->src == "192.0.2.1"_ipv4, "10.0.0.0/8"_prefix.contains(ip->src));
    return xdp::pass;
}
BPFXX_XDP(over_any, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    observe(reason::none, ip.source() == "192.0.2.1"_ip, ip.source() == "2001:db8::1"_ipv6,
            "10.0.0.0/8"_prefix.contains(ip.source()), local.contains(ip.source()));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

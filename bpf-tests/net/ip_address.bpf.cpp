// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IP addresses of both versions as one type: compared, copied into a map's key.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::number;
using test::observe;
using test::told;

BPFXX_MAP(hosts, spec::hash<net::ip_address, u32, 8>);

BPFXX_XDP(addresses, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    auto const from = ip.source(), to = ip.destination();
    observe(reason::none, number(&from.raw[0]), number(&from.raw[8]), number(&to.raw[0]), number(&to.raw[8]),
            from.is_v4(), to.is_v4(), from == to);
    return xdp::pass;
}
/// Whether the source was seen before.
BPFXX_XDP(known, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    auto const from = ip.source();
    observe(reason::none, hosts.contains(from));
    u32 const one = 1;
    hosts.update(from, one);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

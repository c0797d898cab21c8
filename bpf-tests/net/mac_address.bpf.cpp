// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// MAC addresses compared, copied and used as keys of a map.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_MAP(stations, spec::hash<net::mac_address, u32, 4>);

BPFXX_XDP(station, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    observe(reason::none, eth->src == eth->dst, eth->dst.is_group(), eth->src.is_group());
    return xdp::pass;
}
/// How often each source was seen.
BPFXX_XDP(visits, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    u32 times = 1;
    auto const again = stations.lookup(eth->src).then([&](u32 &n) BPFXX_LAMBDA { times = ++n; });
    if (!again) stations.update(eth->src, times);
    observe(reason::none, times);
    return xdp::pass;
}
/// Answers to the sender.
BPFXX_XDP(reflect, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto const from = eth->src;
    packet.rewrite(eth).source(eth->dst).destination(from);
    return xdp::tx;
}
BPFXX_LICENSE("GPL");

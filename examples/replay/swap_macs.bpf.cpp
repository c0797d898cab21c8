// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Sends each packet back to the station that it came from, and lets pass what is for many. Something to be replayed that
/// changes packets. XDP, Linux 5.10 or newer.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

BPFXX_XDP(swap_macs)(xdp::packet packet) {
    auto [eth] = BPFXX_TRY(packet.parse<net::ethernet>());
    if (eth->dst.is_group()) return xdp::pass;
    auto const from = eth->src;
    packet.rewrite(eth).source(eth->dst).destination(from);
    return xdp::tx;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -Os -mcpu=v3: Invalid line_info[45]
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/radiotap.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_INLINE constexpr auto xdp_by_reason(reason why) -> xdp::action {
    return why == reason::truncated || why == reason::malformed ? xdp::drop : xdp::pass;
}
BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_COUNT(found, found_c, xdp::counters);
BPFXX_XDP(found, xdp_by_reason)(xdp::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6] =
        BPFXX_TRY(packet.parse<net::radiotap, net::ieee80211, maybe<net::llc>, maybe<net::llc>, net::snap,
                               either<net::ipv4, net::ipv6>, maybe<net::udp>>());
    auto const data = packet.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    if (auto const deeper5 = l0.next<net::ieee80211, maybe<net::llc>, net::snap, maybe<net::ipv6>>()) {
        auto [d1, d2, d3, d4] = BPFXX_TRY(deeper5);
        d2.then([&](net::llc const &h) BPFXX_LAMBDA { acc = acc * 618 + static_cast<u64>(static_cast<u64>(h.dsap)); });
        acc = acc * 672 + static_cast<u64>((*d1).has_data());
    } else if (deeper5.why() == reason::other_protocol)
        acc += 100;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-16 -Os -mcpu=v2: the map differs from the native build's
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_COUNT(found, found_c, tc::counters);
BPFXX_TC(found)(tc::packet packet) {
    auto [l0, l1, l2] = BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<1, net::vlan>, net::llc>());
    auto const data = l2.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    auto now2 =
        BPFXX_TRY(move(packet).encapsulate(l0, net::ipv6{.hop_limit = 9}, net::udp{.src = be{net::udp_port{854}}},
                                           with_options{net::geneve::of(854), place{be32{1}, be16{2}, 3, 4}}, l0));
    auto now3 = BPFXX_TRY(move(now2).shrink_tail(4));
    acc = acc * 31 + now3.length();
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

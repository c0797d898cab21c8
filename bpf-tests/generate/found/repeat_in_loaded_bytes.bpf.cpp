// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O2 -mcpu=v2: R0 bitwise operator &= on pointer prohibited
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/perf_event_array.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_TC_LOADED(found, tc::shot)(tc_loaded::packet packet) {
    auto [l0, l1, l2, l3] = BPFXX_TRY(
        packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, maybe<net::udp>, either<net::gre, net::udp>>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    repeat(20, [&](u32 i) BPFXX_LAMBDA {
        auto const byte = data.read<u8>(i);
        if (byte.value_or(0) == 193) return iteration::stop;
        byte.then([&](u8 b) BPFXX_LAMBDA { acc = acc * 915 + b; });
        return iteration::go_on;
    });
    u8 copy2[16];
    acc = acc * 932 + data.copy_to(copy2);
    BPFXX_ROLLED for (u32 i = 0; i < 16; i++) acc = acc * 31 + copy2[i];
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::reclassify : tc::ok;
}

BPFXX_LICENSE("GPL");

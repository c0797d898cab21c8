// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -Os -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_COUNT(found, found_c, tc::counters);
BPFXX_TC(found)(tc::packet packet) {
    auto [l0, l1, l2, l3] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, net::ipv6, either<net::udp, net::tcp>>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 593 + data.start().starts_with("\x16\x03", "ab");
    if (auto const found5 = packet.parse<net::ethernet, up_to<3, net::vlan>, net::ipv6, either<net::udp, net::tcp>>()) {
        auto [z1, z2, z3, z4] = BPFXX_TRY(found5);
        auto const rest6 = z4.payload();
        u8 copy7[1];
        acc = acc * 676 + rest6.copy_to(copy7);
        BPFXX_ROLLED for (u32 i = 0; i < 1; i++) acc = acc * 31 + copy7[i];
        auto const rest8 = z4.payload();
        repeat(rest8.size() & 63, [&](u32 i) BPFXX_LAMBDA {
            auto const byte = rest8.read<u8>(i);
            if (byte.value_or(0) == 202) return iteration::stop;
            byte.then([&](u8 b) BPFXX_LAMBDA { acc = acc * 661 + b; });
            return iteration::go_on;
        });
        auto const rest9 = z4.payload();
        for (auto const i : numbers{0, 9})
            rest9.read<u8>(static_cast<u32>(i)).then([&](u8 b) BPFXX_LAMBDA { acc = acc * 921 + b; });
    } else
        acc += static_cast<u64>(found5.why());
    auto const a10 = BPFXX_TRY(data.assume<net::ipv4>());
    acc = acc * 41 + static_cast<u64>((*a10).fragment_offset());
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -Os -mcpu=v3: R6 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_TC(found)(tc::packet packet) {
    auto [l0, l1, l2] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, maybe<net::udp>>());
    auto const data = packet.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    u8 copy1[64];
    acc = acc * 738 + data.copy_to(copy1);
    BPFXX_ROLLED for (u32 i = 0; i < 64; i++) acc = acc * 31 + copy1[i];
    data.after(static_cast<u32>(acc * 5)).then([&](bytes const &rest) BPFXX_LAMBDA {
        be32 const v2 = rest.read<be32>(static_cast<u32>(acc * 5)).value_or(be32{});
        acc = acc * 413 + v2.value();
    });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -O3 -mcpu=v2: R5 bitwise operator &= on pointer prohibited
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/socket_filter.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_COUNT(found, found_c, socket_filter::counters);
BPFXX_SOCKET_FILTER(found, socket_filter::drop)(socket_filter::packet packet) {
    auto [l0, l1, l2, l3] = BPFXX_TRY(
        packet.parse<net::ipv4, maybe<net::udp>, either<net::udp, net::tcp>, either<net::vxlan, net::geneve>>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    repeat(static_cast<u32>(acc ^ 64706u) & 31, [&](u32 i) BPFXX_LAMBDA {
        auto const byte = data.read<u8>(i);
        if (byte.value_or(0) == 30) return iteration::stop;
        byte.then([&](u8 b) BPFXX_LAMBDA { acc = acc * 346 + b; });
        return iteration::go_on;
    });
    data.for_each_word<8>([&](u16 w) BPFXX_LAMBDA { acc += w; });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? socket_filter::drop : socket_filter::keep;
}

BPFXX_LICENSE("GPL");

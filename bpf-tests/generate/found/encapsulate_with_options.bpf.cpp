// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O2 -mcpu=v3: the map differs from the native build's
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_COUNT(found, found_c, tc::counters);
BPFXX_TC(found, tc::shot)(tc::packet packet) {
    auto [l0, l1, l2] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, either<net::tcp, net::udp>>());
    auto const data = l2.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    auto now10 = BPFXX_TRY(move(packet).encapsulate(l0, with_options{net::ipv4{.ttl = 9}, be32{0x94040000}}, l1));
    acc = acc * 31 + now10.length();
    acc = acc * 31 + now10.payload().read<u8>(static_cast<u32>(acc >> 3) & 127).value_or(3);
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

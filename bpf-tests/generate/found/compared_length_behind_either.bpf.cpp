// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-16 -O3 -mcpu=v3: math between pkt pointer and register with unbounded min value is not allowed, on Linux 6.1
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/igmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>

BPFXX_INLINE constexpr auto by_reason(reason why) -> tc::action {
    return why == reason::truncated || why == reason::malformed ? tc::shot : tc::ok;
}

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_TC(found, by_reason)(tc::packet packet) {
    auto [l0, l1] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv6, net::ipv4>>());
    auto [l2, l3] = BPFXX_TRY(l1.next<maybe<net::ipv4>, net::igmp>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    data.for_each_word<8>([&](u16 w) BPFXX_LAMBDA { acc += little_order(w); });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    auto change1 = move(packet).rewrite(l0);
    if (acc % 4 == 1) change1.source(net::mac_address{{2, 0, 0, 0, 0, 105}});
    acc += change1.write(static_cast<u32>(acc ^ 41748u), be32{7}).value_or(be32{}).value();
    auto const changed = change1.done();
    acc += changed.length();
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

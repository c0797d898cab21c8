// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -Os -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_INLINE constexpr auto cgroup_skb_by_reason(reason why) -> cgroup_skb::action {
    return why == reason::truncated || why == reason::malformed ? cgroup_skb::drop : cgroup_skb::allow;
}
BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_COUNT(found, found_c, cgroup_skb::counters);
BPFXX_CGROUP_EGRESS(found, cgroup_skb_by_reason)(cgroup_skb::packet packet) {
    auto [l0] = BPFXX_TRY(packet.parse<exactly, either<net::ipv6, net::ipv4>>());
    auto [l1] = BPFXX_TRY(l0.next<either<net::tcp, net::udp, net::sctp>>());
    auto const data = l1.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    if (data.starts_with("ab")) acc ^= 13;
    data.find<16>("Host: ").then([&](u32 at) BPFXX_LAMBDA { acc = acc * 258 + at; });
    u32 const at2 = data.find<16>("Host: ").value_or(0);
    acc += data.read<u8>(at2 + 14).value_or(7);
    auto const found6 =
        packet.parse<exactly, either<net::ipv4, net::ipv6>, maybe<net::ipv6>, either<net::gre, net::udp>>();
    switch (found6.why()) {
    case reason::none: acc += 515; break;
    case reason::truncated: return cgroup_skb::allow;
    case reason::fragment: acc ^= 515; break;
    case reason::malformed: return cgroup_skb::allow;
    default: acc *= 515;
    }
    found6.then([&](auto const &all) BPFXX_LAMBDA {
        auto const &[z3, z4, z5] = all;
        auto const rest7 = z5.payload();
        if (rest7.starts_with("HTTP/1.1")) acc ^= 864;
        auto const rest8 = z5.payload();
        repeat(20, [&](u32 i) BPFXX_LAMBDA {
            auto const byte = rest8.template read<u8>(i);
            if (byte.value_or(0) == 231) return iteration::stop;
            byte.then([&](u8 b) BPFXX_LAMBDA { acc = acc * 622 + b; });
            return iteration::go_on;
        });
    });
    pair const v9 = data.read<pair>(static_cast<u32>(acc) & 3).value_or(pair{});
    acc = acc * 671 + (v9.a.value() + v9.b);
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? cgroup_skb::drop : cgroup_skb::allow;
}

BPFXX_LICENSE("GPL");

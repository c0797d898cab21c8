// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O2 -mcpu=v3: R5 invalid mem access 'scalar', on Linux 6.18
#include "../common.hpp"
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_INLINE constexpr auto by_reason(reason why) -> cgroup_skb::action {
    return why == reason::truncated || why == reason::malformed ? cgroup_skb::drop : cgroup_skb::allow;
}

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_CGROUP_EGRESS(found, by_reason)(cgroup_skb::packet packet) {
    auto [l0, l1, l2] =
        BPFXX_TRY(packet.parse<exactly, either<net::ipv4, net::ipv6>, net::udp, either<note, net::vxlan>>());
    auto [l3, l4, l5, l6] =
        BPFXX_TRY(l2.next<maybe<net::ethernet>, net::ipv6, either<net::ipv4, net::ipv6>, maybe<net::udp>>());
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    if (auto const deeper4 = l0.next<ignoring_lengths, net::udp, either<note, net::vxlan>>()) {
        auto [d2, d3] = BPFXX_TRY(deeper4);
        auto const rest5 = d3.payload();
        BPFXX_ROLLED for (u32 i = 0; i < 8; i++) acc = acc * 33 + rest5.read<u8>(i * 2).value_or(1);
        auto const rest6 = d3.payload();
        le16 const v8 = rest6.read<le16>(static_cast<u32>(acc ^ 34983u)).value_or(le16{});
        acc = acc * 790 + v8.value();
        if (auto const deeper9 = d3.next<maybe<net::ethernet>>()) {
            auto [d10] = BPFXX_TRY(deeper9);
            d10.then([&](net::ethernet const &h)
                         BPFXX_LAMBDA { acc = acc * 561 + static_cast<u64>(static_cast<u64>(h.type.value())); });
        }
    } else if (deeper4.why() == reason::other_protocol)
        acc += 103;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? cgroup_skb::drop : cgroup_skb::allow;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-16 -O2 -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_INLINE auto found_f5(xdp::packet const &packet, u64 acc) -> result<u64> {
    auto [z1, z2, z3] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, maybe<net::ipv6>>());
    acc = acc * 54 + static_cast<u64>((*z1).dst.is_group());
    return acc;
}
BPFXX_XDP(found, xdp::drop)(xdp::packet packet) {
    auto [l0, l1] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6>());
    auto [l2, l3, l4, l5] =
        BPFXX_TRY(l1.next<maybe<net::ipv6>, maybe<net::ipv4>, either<net::gre, net::udp>, up_to<3, net::mpls>>());
    auto const data = packet.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = found_f5(packet, acc).value_or(731);
    {
        packet.rewrite(l0, l1, l2, l3)
            .set<net::hops>(static_cast<u8>(static_cast<u32>(acc)))
            .set<net::dscp>(48)
            .set<net::ecn>(0)
            .set<&net::ipv4::ttl>(u8{146});
    }
    reason const found11 = packet.parse<net::ethernet, net::ipv6, maybe<net::tcp>, net::ipv4, net::ipv4>().then(
        [&](auto const &all) BPFXX_LAMBDA {
            auto const &[z6, z7, z8, z9, z10] = all;
            auto const rest12 = z10.payload();
            be16 const v13 = rest12.template read<be16>(144).value_or(be16{});
            acc = acc * 9 + v13.value();
            auto const rest14 = z10.payload();
            u8 const v15 = rest14.template read<u8>(static_cast<u32>(acc ^ 35203u) & 3).value_or(u8{});
            acc = acc * 338 + v15;
        });
    acc = acc * 374 + static_cast<u64>(found11);
    acc = acc * 821 + l5.count;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    auto now18 = BPFXX_TRY(move(packet).encapsulate(l0, net::vlan::of(7, 3), behind(l0)));
    auto now19 = BPFXX_TRY(move(now18).push_vlan(net::vlan::of(7)));
    acc = acc * 31 + now19.length();
    acc = acc * 31 + now19.payload().read<u8>(static_cast<u32>(acc ^ 16459u)).value_or(3);
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O3 -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_XDP(found)(xdp::packet packet) {
    auto [l0, l1, l2, l3] = BPFXX_TRY(packet.parse<exactly, net::ethernet, either<net::ipv6, net::ipv4>,
                                                   either<net::ipv4, net::ipv6>, either<net::ipv6, net::ipv4>>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    data.first(16).then([&](bytes const &part) BPFXX_LAMBDA {
        u8 copy1[20];
        acc = acc * 786 + part.copy_to(copy1);
        BPFXX_ROLLED for (u32 i = 0; i < 20; i++) acc = acc * 31 + copy1[i];
    });
    auto const found5 = [&](u64 with) BPFXX_LAMBDA -> u64 {
        u64 sum = with;
        packet.parse<net::ethernet, either<net::ipv6, net::ipv4>, either<net::tcp, net::udp, net::sctp>>().then(
            [&](auto const &all) BPFXX_LAMBDA {
                auto const &[z2, z3, z4] = all;
                u64 &acc = sum;
                auto const rest6 = z4.payload();
                rest6.template for_each_word<64>([&](u16 w) BPFXX_LAMBDA { acc += w; });
                auto const rest7 = z4.payload();
                acc = acc * 767 + rest7.start().starts_with("ab", "Host: ");
            });
        return sum;
    };
    acc = found5(acc + 88);
    acc = acc * 669 + l2.visit([](auto const &h) BPFXX_LAMBDA -> u64 {
        if constexpr (__is_same(decltype(h), net::ipv4 const &))
            return static_cast<u64>(h.more_fragments());
        else if constexpr (__is_same(decltype(h), net::ipv6 const &))
            return static_cast<u64>(h.traffic_class());
        else
            return 0;
    });
    data.after(static_cast<u32>(acc >> 3)).then([&](bytes const &rest) BPFXX_LAMBDA {
        u8 copy9[7];
        acc = acc * 811 + rest.copy_to(copy9);
        BPFXX_ROLLED for (u32 i = 0; i < 7; i++) acc = acc * 31 + copy9[i];
    });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

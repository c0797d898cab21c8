// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -O2 -mcpu=v2: rejected
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_XDP(found)(xdp::packet packet) {
    auto [l0, l1, l2, l3, l4, l5] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>,
                                                           maybe<net::ipv4>, maybe<net::ipv6>, net::gre, net::ipv4>());
    auto [l6] = BPFXX_TRY(l5.next<either<net::udp, net::tcp>>());
    auto const data = l6.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    data.for_each_word<20>([&](u16 w) BPFXX_LAMBDA { acc += w; });
    acc = acc * 60 + data.start().starts_with("HTTP/1.1", "\x16\x03");
    l2.then([&](net::ipv4 const &h) BPFXX_LAMBDA { acc = acc * 107 + static_cast<u64>(h.more_fragments()); });
    auto const found5 = [&](u64 with) BPFXX_LAMBDA -> u64 {
        u64 sum = with;
        packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, maybe<net::ipv4>, maybe<net::ipv6>>().then(
            [&](auto const &all) BPFXX_LAMBDA {
                auto const &[z1, z2, z3, z4] = all;
                u64 &acc = sum;
                acc = acc * 631 + static_cast<u64>((*z1).src.raw[5]);
                acc = acc * 747 + z2.visit([](auto const &h) BPFXX_LAMBDA -> u64 {
                    if constexpr (__is_same(decltype(h), net::ipv4 const &))
                        return static_cast<u64>(h.total_length.value());
                    else if constexpr (__is_same(decltype(h), net::ipv6 const &))
                        return static_cast<u64>(h.src.raw[15]);
                    else
                        return 0;
                });
            });
        return sum;
    };
    acc = found5(acc + 319);
    auto const v6 = BPFXX_TRY(data.read<le16>(static_cast<u32>(acc * 5)));
    acc = acc * 6 + v6.value();
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

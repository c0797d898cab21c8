// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -Os -mcpu=v2: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_TC_LOADED(found)(tc_loaded::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6] =
        BPFXX_TRY(packet.parse<net::ethernet, up_to<1, net::mpls>, either<net::ipv6, net::ipv4>,
                               either<net::ipv6, net::ipv4>, net::ipv6, maybe<net::tcp>, net::udp>());
    auto const data = l6.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 808 +
          static_cast<u64>(packet.parse<net::ethernet, up_to<3, net::mpls>, either<net::ipv6, net::ipv4>>().why());
    if (auto const deeper9 =
            l2.next<exactly, either<net::ipv6, net::ipv4>, net::ipv6, maybe<net::dccp>, either<net::tcp, net::udp>>()) {
        auto [d5, d6, d7, d8] = BPFXX_TRY(deeper9);
        acc = acc * 523 + static_cast<u64>((*d6).src.raw[15]);
        acc = acc * 287 + d5.visit([](auto const &h) BPFXX_LAMBDA -> u64 {
            if constexpr (__is_same(decltype(h), net::ipv6 const &))
                return static_cast<u64>(h.payload_length.value());
            else if constexpr (__is_same(decltype(h), net::ipv4 const &))
                return static_cast<u64>(h.total_length.value());
            else
                return 0;
        });
        auto const rest10 = d8.payload();
        rest10.after(static_cast<u32>(acc >> 3) & 63).then([&](bytes const &rest) BPFXX_LAMBDA {
            rest.read<pair>(static_cast<u32>(acc)).then([&](pair const &v) BPFXX_LAMBDA {
                acc = acc * 181 + (v.a.value() + v.b);
            });
        });
    } else if (deeper9.why() == reason::other_protocol)
        acc += 132;
    data.read<le32>(static_cast<u32>(acc) & 255).then([&](le32 const &v) BPFXX_LAMBDA { acc = acc * 347 + v.value(); });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::reclassify : tc::ok;
}

BPFXX_LICENSE("GPL");

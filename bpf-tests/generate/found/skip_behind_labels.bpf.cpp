// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -O3 -mcpu=v3: R8 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/per_cpu_hash.hpp>
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/pppoe.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_TC_LOADED(found, tc::shot)(tc_loaded::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6, l7] = BPFXX_TRY(
        packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>, either<note, net::vxlan>,
                     net::ethernet, net::pppoe, net::ipv4, either<net::ipv4, net::ipv6>>());
    auto const data = l7.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    if (auto const found7 = packet.parse<net::ethernet, up_to<3, net::mpls>, net::ipv4,
                                         either<net::tcp, net::udp, net::sctp>, either<net::vxlan, net::geneve>>()) {
        auto [z2, z3, z4, z5, z6] = BPFXX_TRY(found7);
        auto const rest8 = z6.payload();
        rest8.after(12).then([&](bytes const &rest)
                                 BPFXX_LAMBDA { acc = acc * 84 + rest.find<64>("\x16\x03").value_or(999); });
        auto const rest9 = z6.payload();
        rest9.after(0).then([&](bytes const &rest) BPFXX_LAMBDA { acc = acc * 700 + rest.size(); });
    } else
        acc += static_cast<u64>(found7.why());
    acc = acc * 733 + l1.visit([](auto const &h) BPFXX_LAMBDA -> u64 {
        if constexpr (__is_same(decltype(h), net::ipv4 const &))
            return static_cast<u64>(h.total_length.value());
        else if constexpr (__is_same(decltype(h), net::ipv6 const &))
            return static_cast<u64>(h.flow_label());
        else
            return 0;
    });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::reclassify : tc::ok;
}

BPFXX_LICENSE("GPL");

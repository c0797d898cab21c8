// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -O3 -mcpu=v3: R8 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/flow_dissector.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/lpm_trie.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_FLOW_DISSECTOR(found, flow_dissector::drop)(flow_dissector::packet packet) {
    auto [l0, l1, l2, l3] = BPFXX_TRY(
        packet.parse<exactly, net::ipv6, either<net::gre, net::udp>, net::ipv4, either<net::tcp, net::udp>>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    u8 copy3[4];
    acc = acc * 166 + data.copy_to(copy3);
    BPFXX_ROLLED for (u32 i = 0; i < 4; i++) acc = acc * 31 + copy3[i];
    data.after(static_cast<u32>(acc)).then([&](bytes const &rest) BPFXX_LAMBDA {
        pair const v5 = rest.read<pair>(123).value_or(pair{});
        acc = acc * 605 + (v5.a.value() + v5.b);
    });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? flow_dissector::drop : acc % 3 == 1 ? flow_dissector::fall_back : flow_dissector::ok;
}

BPFXX_LICENSE("GPL");

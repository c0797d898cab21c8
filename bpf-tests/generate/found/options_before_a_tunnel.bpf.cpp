// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-16 -O2 -mcpu=v3: math between pkt pointer and register with unbounded min value is not allowed
#include "../common.hpp"
#include <bpfxx/kernel/flow_dissector.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/array_of_maps.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/lpm_trie.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_FLOW_DISSECTOR(found)(flow_dissector::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6] =
        BPFXX_TRY(packet.parse<exactly, either<net::ipv6, net::ipv4>, net::udp, net::vxlan_gpe, net::ipv4, net::udp,
                               net::vxlan, net::ethernet>());
    auto const data = l6.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 596 + l3.options().size() + l3.options().read<u8>(4).value_or(2);
    if (auto const deeper5 = l1.next<exactly, net::vxlan_gpe, net::ipv4, either<net::icmp, net::tcp>>()) {
        auto [d2, d3, d4] = BPFXX_TRY(deeper5);
        acc = acc * 878 + d4.visit([](auto const &h) BPFXX_LAMBDA -> u64 {
            if constexpr (__is_same(decltype(h), net::icmp const &))
                return static_cast<u64>(h.type);
            else if constexpr (__is_same(decltype(h), net::tcp const &))
                return static_cast<u64>(h.syn());
            else
                return 0;
        });
        acc = acc * 979 + static_cast<u64>((*d3).fragment_offset());
    } else if (deeper5.why() == reason::other_protocol)
        acc += 622;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? flow_dissector::drop : acc % 3 == 1 ? flow_dissector::fall_back : flow_dissector::ok;
}

BPFXX_LICENSE("GPL");

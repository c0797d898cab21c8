// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -O3 -mcpu=v2: R4 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/array_of_maps.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/lpm_trie.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/pppoe.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/unfragmented_ipv6.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_CGROUP_INGRESS(found)(cgroup_skb::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6, l7] =
        BPFXX_TRY(packet.parse<either<net::ipv6, net::ipv4>, either<net::tcp, net::udp>, net::vxlan, net::ethernet,
                               net::pppoe, either<net::ipv4, net::ipv6>, net::ah, net::ipv4>());
    auto const data = l7.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    data.after(static_cast<u32>(acc)).then([&](bytes const &rest) BPFXX_LAMBDA {
        rest.after(static_cast<u32>(acc >> 3) & 1).then([&](bytes const &rest) BPFXX_LAMBDA {
            BPFXX_ROLLED for (u32 i = 0; i < 8; i++) acc = acc * 33 + rest.read<u8>(i * 3).value_or(1);
        });
    });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? cgroup_skb::drop : cgroup_skb::allow;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-16 -Os -mcpu=v2: R4 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/lpm_trie.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_TC(found)(tc::packet packet) {
    auto [l0, l1, l2, l3, l4, l5] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, either<net::gre, net::udp>, net::ipv4,
                               either<net::icmp, net::tcp>, frame>());
    auto const data = l5.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 644 + data.start().starts_with("x", "HTTP/1.1");
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

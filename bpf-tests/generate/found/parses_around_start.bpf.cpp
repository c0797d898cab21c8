// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-16 -Os -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_XDP(found)(xdp::packet packet) {
    auto [l0, l1, l2, l3, l4, l5] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::ipv6,
                                                           net::icmpv6, net::ipv6, either<net::udp, net::tcp>>());
    auto const data = l5.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    auto const found4 = packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::ipv6>();
    switch (found4.why()) {
    case reason::none: acc += 910; break;
    case reason::truncated: return xdp::aborted;
    case reason::fragment: acc ^= 910; break;
    case reason::malformed: return xdp::drop;
    default: acc *= 911;
    }
    found4.then([&](auto const &all) BPFXX_LAMBDA {
        auto const &[z1, z2, z3] = all;
        acc = acc * 736 + static_cast<u64>((*z1).dst.is_group());
        auto const rest5 = z3.payload();
        rest5.template for_each_word<8>([&](u16 w) BPFXX_LAMBDA { acc += little_order(w); });
    });
    acc = acc * 176 + data.start().starts_with("HTTP/1.1", "GET ", "x");
    if (auto const deeper9 = l1.next<net::ipv6, net::icmpv6, net::ipv6>()) {
        auto [d6, d7, d8] = BPFXX_TRY(deeper9);
        acc = acc * 397 + static_cast<u64>((*d7).is_error());
        acc = acc * 704 + static_cast<u64>((*d8).hop_limit);
    } else if (deeper9.why() == reason::other_protocol)
        acc += 68;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    auto now11 = BPFXX_TRY(move(packet).encapsulate(l0, net::ipv4{.ttl = 32, .src = be32{468}, .dst = be32{2}},
                                                    net::udp{.src = be{net::udp_port{468}}}, net::gue{}, l1));
    auto now12 = BPFXX_TRY(move(now11).shrink_head(40));
    acc = acc * 31 + now12.length();
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O3 -mcpu=v2: math between pkt pointer and register with unbounded min value is not allowed, on Linux 5.10
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

BPFXX_INLINE constexpr auto by_reason(reason why) -> xdp::action {
    return why == reason::truncated || why == reason::malformed ? xdp::drop : xdp::pass;
}

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_XDP(found, by_reason)(xdp::packet packet) {
    auto [l0, l1, l2, l3, l4, l5] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, either<net::ipv4, net::ipv6>, either<net::gre, net::udp>,
                               net::ipv4, either<net::gre, net::udp>>());
    auto const data = l5.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    {
        packet.rewrite(l1, l2, l3)
            .set<&net::ipv4::ttl, &net::ipv6::hop_limit>(u8{40})
            .set<net::hops>(static_cast<u8>(static_cast<u32>(acc ^ 20569u)));
    }
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    auto now1 = BPFXX_TRY(move(packet).encapsulate(l0, with_options{net::ipv4{.ttl = 9}, be32{0x94040000}}, net::gre{},
                                                   net::mpls::of(798), l1));
    acc = acc * 31 + now1.length();
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

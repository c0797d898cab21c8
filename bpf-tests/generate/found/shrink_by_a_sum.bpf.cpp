// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O2 -mcpu=v2: R7 tried to subtract pointer from scalar
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_INLINE constexpr auto xdp_by_reason(reason why) -> xdp::action {
    return why == reason::truncated || why == reason::malformed ? xdp::drop : xdp::pass;
}
BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_XDP(found, xdp_by_reason)(xdp::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, either<net::vxlan, net::geneve>, maybe<net::ipv6>,
                               net::ethernet, up_to<2, net::vlan>>());
    auto const data = packet.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    data.for_each_word<20>([&](u16 w) BPFXX_LAMBDA { acc += w; });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    auto now4 = BPFXX_TRY(move(packet).encapsulate(l0, net::ipv6{.hop_limit = 9}, net::gre{}, net::mpls::of(253), l1));
    auto now5 = BPFXX_TRY(move(now4).shrink_tail(static_cast<u32>(acc)));
    auto now6 = BPFXX_TRY(move(now5).push_vlan(net::vlan::of(8), net::ether_type{0x88a8}));
    acc = acc * 31 + now6.length();
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -O2 -mcpu=v2: R4 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/prog_array.hpp>
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/esp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_MAP(found_t, spec::prog_array<4>);
BPFXX_MAP(found_n, spec::array<u64, 2>);
BPFXX_XDP(found)(xdp::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6] =
        BPFXX_TRY(packet.parse<net::ieee80211, net::llc, net::snap, net::ipv4, net::ipv4, net::ipv4, net::esp>());
    auto const data = l6.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 336 + data.start().starts_with("GET ", "x");
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return found_t.call(packet, static_cast<u32>(acc ^ 21197u) & 3);
}
BPFXX_XDP(foundt0)(xdp::packet packet) {
    found_n.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ethernet>());
    u64 const acc = static_cast<u64>(static_cast<u64>((*l).type.value()));
    if (acc % 2 == 1) return found_t.call(packet, 1);
    return acc % 3 == 1 ? xdp::pass : xdp::aborted;
}

BPFXX_XDP(foundt1)(xdp::packet packet) {
    found_n.lookup(1).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ethernet>());
    u64 const acc = static_cast<u64>(static_cast<u64>((*l).type.value()));
    return acc % 3 == 1 ? xdp::drop : xdp::aborted;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -O2 -mcpu=v2: R5 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/lru_hash.hpp>
#include <bpfxx/kernel/map/prog_array.hpp>
#include <bpfxx/kernel/tc_pulled.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_MAP(found_t, spec::prog_array<4>);
BPFXX_MAP(found_n, spec::array<u64, 2>);
BPFXX_TC_PULLED(found, tc::shot)(tc_pulled::packet packet) {
    auto [l0, l1, l2] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv6, net::ipv4>());
    auto [l3, l4, l5, l6, l7] = BPFXX_TRY(l2.next<either<net::udp, net::tcp>, net::geneve, either<net::ipv4, net::ipv6>,
                                                  either<net::icmp, net::tcp>, frame>());
    auto const data = l7.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    if (auto const deeper3 = l0.next<net::ipv6, either<net::tcp, net::udp, net::sctp>>()) {
        auto [d1, d2] = BPFXX_TRY(deeper3);
        acc = acc * 207 + d2.is<net::udp>();
    } else if (deeper3.why() == reason::other_protocol)
        acc += 873;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return found_t.call(packet, static_cast<u32>(acc ^ 64705u) & 3);
}
BPFXX_TC_PULLED(foundt0)(tc_pulled::packet packet) {
    found_n.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ethernet>());
    u64 const acc = static_cast<u64>((*l).src.raw[5]);
    if (acc % 2 == 1) return found_t.call(packet, 1);
    return acc % 3 == 1 ? tc::stolen : tc::ok;
}

BPFXX_TC_PULLED(foundt1)(tc_pulled::packet packet) {
    found_n.lookup(1).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ethernet>());
    u64 const acc = static_cast<u64>((*l).dst.is_group());
    return acc % 3 == 1 ? tc::ok : tc::stolen;
}

BPFXX_LICENSE("GPL");

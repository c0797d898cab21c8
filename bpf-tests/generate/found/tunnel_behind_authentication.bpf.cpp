// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -Os -mcpu=v2: R5 offset is outside of the packet
#include "../common.hpp"
#include <bpfxx/kernel/lwt.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/prog_array.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/sctp_chunk.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_MAP(found_t, spec::prog_array<4>);
BPFXX_MAP(found_n, spec::array<u64, 2>);
BPFXX_LWT_OUT(found)(lwt::packet packet) {
    auto [l0, l1, l2] = BPFXX_TRY(packet.parse<exactly, net::ipv6, net::ipv4, net::ah>());
    auto [l3] = BPFXX_TRY(l2.next<either<net::udp, net::tcp>>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    if (auto const deeper7 = l3.next<either<net::vxlan, net::geneve>, net::ipv6>()) {
        auto [d5, d6] = BPFXX_TRY(deeper7);
        auto const rest8 = d6.payload();
        acc = acc * 279 + rest8.start().starts_with("GET ", "\x16\x03", "Host: ");
        acc = acc * 616 + static_cast<u64>((*d6).src.raw[15]);
        if (auto const deeper9 = d6.next<maybe<net::udp>>()) {
            auto [d10] = BPFXX_TRY(deeper9);
            d10.then([&](net::udp const &h) BPFXX_LAMBDA { acc = acc * 668 + static_cast<u64>(h.length.value()); });
        }
    } else if (deeper7.why() == reason::other_protocol)
        acc += 396;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return found_t.call(packet, static_cast<u32>(acc ^ 40551u) & 3);
}
BPFXX_LWT_OUT(foundt0)(lwt::packet packet) {
    found_n.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ipv4>());
    u64 const acc = static_cast<u64>((*l).dst.value());
    if (acc % 2 == 1) return found_t.call(packet, 1);
    return acc % 3 == 1 ? lwt::ok : lwt::drop;
}

BPFXX_LWT_OUT(foundt1)(lwt::packet packet) {
    found_n.lookup(1).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ipv4>());
    u64 const acc = static_cast<u64>((*l).dst.value());
    return acc % 3 == 1 ? lwt::ok : lwt::drop;
}

BPFXX_LICENSE("GPL");

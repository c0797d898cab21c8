// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -O3 -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_TC_LOADED(found)(tc_loaded::packet packet) {
    auto [l0, l1, l2] = BPFXX_TRY(packet.parse<net::ethernet, up_to<3, net::mpls>, either<net::ipv4, net::ipv6>>());
    auto const data = l2.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    if (auto const deeper5 = l0.next<up_to<3, net::mpls>, either<net::ipv4, net::ipv6>, either<net::ipv6, net::ipv4>,
                                     either<net::udp, net::tcp>>()) {
        auto [d1, d2, d3, d4] = BPFXX_TRY(deeper5);
        acc = acc * 131 + d2.source().raw[8];
        if (auto const deeper6 = d4.next<either<note, net::vxlan>>()) {
            auto [d7] = BPFXX_TRY(deeper6);
            acc = acc * 537 + d7.visit([](auto const &h) BPFXX_LAMBDA -> u64 {
                if constexpr (__is_same(decltype(h), note const &))
                    return static_cast<u64>(h.words);
                else if constexpr (__is_same(decltype(h), net::vxlan const &))
                    return static_cast<u64>(h.vni());
                else
                    return 0;
            });
        }
    } else if (deeper5.why() == reason::other_protocol)
        acc += 891;
    acc = acc * 812 + data.start().starts_with("Host: ");
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::reclassify : tc::ok;
}

BPFXX_LICENSE("GPL");

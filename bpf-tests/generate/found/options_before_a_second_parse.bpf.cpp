// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -O2 -mcpu=v2: math between map_value pointer and register with unbounded min value is not allowed
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/socket_filter.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/igmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_SOCKET_FILTER(found, socket_filter::drop)(socket_filter::packet packet) {
    auto [l0, l1] = BPFXX_TRY(packet.parse<net::ipv4, net::ipv4>());
    auto const data = l1.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 212 + l0.options().size() + l0.options().read<u8>(4).value_or(2);
    auto const found13 = [&](u64 with) BPFXX_LAMBDA -> u64 {
        u64 sum = with;
        packet.parse<net::ipv4, maybe<net::igmp>, maybe<net::tcp>, net::ipv4, maybe<net::gre>>().then(
            [&](auto const &all) BPFXX_LAMBDA {
                auto const &[z8, z9, z10, z11, z12] = all;
                u64 &acc = sum;
                z12.then([&](net::gre const &h) BPFXX_LAMBDA { acc = acc * 582 + static_cast<u64>(h.has_checksum()); });
                z10.then([&](net::tcp const &h) BPFXX_LAMBDA { acc = acc * 959 + static_cast<u64>(h.window.value()); });
            });
        return sum;
    };
    acc = found13(acc + 136);
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? socket_filter::drop : socket_filter::keep;
}

BPFXX_LICENSE("GPL");

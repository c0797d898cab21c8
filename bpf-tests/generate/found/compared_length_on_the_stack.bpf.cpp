// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O2 -mcpu=v2: math between pkt pointer and register with unbounded min value is not allowed, on Linux 6.1
#include "../common.hpp"
#include <bpfxx/kernel/flow_dissector.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_INLINE constexpr auto by_reason(reason why) -> flow_dissector::action {
    return why == reason::truncated || why == reason::malformed ? flow_dissector::drop : flow_dissector::ok;
}

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_FLOW_DISSECTOR(found, by_reason)(flow_dissector::packet packet) {
    auto [l0, l1, l2, l3, l4, l5] = BPFXX_TRY(packet.parse<either<net::ipv4, net::ipv6>, net::ipv6, maybe<net::ipv4>,
                                                           either<net::tcp, net::udp>, net::gtp_u, net::ipv6>());
    auto const data = l5.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    data.read<be32>(static_cast<u32>(acc * 5) & 31).then([&](be32 const &v) BPFXX_LAMBDA {
        acc = acc * 544 + v.value();
    });
    l2.then([&](net::ipv4 const &h) BPFXX_LAMBDA { acc = acc * 315 + static_cast<u64>(h.more_fragments()); });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? flow_dissector::drop : acc % 3 == 1 ? flow_dissector::fall_back : flow_dissector::ok;
}

BPFXX_LICENSE("GPL");

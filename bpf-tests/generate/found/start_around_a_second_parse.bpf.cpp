// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -O2 -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/lpm_trie.hpp>
#include <bpfxx/kernel/map/prog_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/unfragmented_ipv6.hpp>

BPFXX_INLINE constexpr auto xdp_by_reason(reason why) -> xdp::action {
    return why == reason::truncated || why == reason::malformed ? xdp::drop : xdp::pass;
}
BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_MAP(found_t, spec::prog_array<4>);
BPFXX_MAP(found_n, spec::array<u64, 2>);
BPFXX_XDP(found, xdp_by_reason)(xdp::packet packet) {
    auto [l0, l1] = BPFXX_TRY(packet.parse<exactly, net::ethernet, either<net::ipv4, net::ipv6>>());
    auto [l2, l3] = BPFXX_TRY(l1.next<either<net::ipv4, net::ipv6>, net::tcp>());
    auto const data = l3.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 617 + data.start().starts_with("abc", "HTTP/1.1", "ab");
    if (auto const deeper5 = l0.next<either<net::ipv4, net::ipv6>, either<net::ipv4, net::ipv6>,
                                     either<net::icmp, net::tcp>, net::ipv4>()) {
        auto [d1, d2, d3, d4] = BPFXX_TRY(deeper5);
        acc = acc * 509 + d1.visit([](auto const &h) BPFXX_LAMBDA -> u64 {
            if constexpr (__is_same(decltype(h), net::ipv4 const &))
                return static_cast<u64>(h.ttl);
            else if constexpr (__is_same(decltype(h), net::ipv6 const &))
                return static_cast<u64>(static_cast<u64>(h.next_header));
            else
                return 0;
        });
        auto const rest6 = d4.payload();
        rest6.first(162).then([&](bytes const &part) BPFXX_LAMBDA {
            if (part.assume<net::ethernet, net::unfragmented_ipv6>()) acc = acc * 71;
        });
        acc = acc * 238 + d4.options().size() + d4.options().read<u8>(6).value_or(2);
    } else if (deeper5.why() == reason::other_protocol)
        acc += 643;
    auto const x8 = data.size();
    if (acc % 5 == 3 && x8 > 42) return xdp::pass;
    auto const x9 = data.size();
    if (acc % 5 == 3 && x9 > 43) return xdp::tx;
    acc = acc * 462 + data.start().starts_with("\x16\x03", "abc", "HTTP/1.1");
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return found_t.call(packet, static_cast<u32>(acc ^ 55478u) & 3);
}
BPFXX_XDP(foundt0)(xdp::packet packet) {
    found_n.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ethernet>());
    u64 const acc = static_cast<u64>(static_cast<u64>((*l).type.value()));
    if (acc % 2 == 1) return found_t.call(packet, 1);
    return acc % 3 == 1 ? xdp::drop : xdp::drop;
}

BPFXX_XDP(foundt1)(xdp::packet packet) {
    found_n.lookup(1).then([&](u64 &n) BPFXX_LAMBDA { ++n; });
    auto const l = BPFXX_TRY(packet.parse<net::ethernet>());
    u64 const acc = static_cast<u64>((*l).dst.is_group());
    return acc % 3 == 1 ? xdp::aborted : xdp::tx;
}

BPFXX_LICENSE("GPL");

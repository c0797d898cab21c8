// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -Os -mcpu=v2: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/lwt.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tcp_options.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_LWT_OUT(found, lwt::drop)(lwt::packet packet) {
    auto [l0, l1] = BPFXX_TRY(packet.parse<exactly, either<net::ipv4, net::ipv6>, either<net::ipv6, net::ipv4>>());
    auto [l2] = BPFXX_TRY(l1.next<net::tcp>());
    auto const data = l2.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    acc = acc * 447 + data.start().starts_with("abc", "HTTP/1.1", "\x16\x03");
    net::options_of(l2).then([&](net::tcp_options const &o) BPFXX_LAMBDA {
        acc = acc * 242 + o.mss + o.window_scale + o.sack_permitted + o.sack_blocks + o.timestamp;
    });
    acc = acc * 542 + data.start().starts_with("abc");
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? lwt::drop : lwt::ok;
}

BPFXX_LICENSE("GPL");

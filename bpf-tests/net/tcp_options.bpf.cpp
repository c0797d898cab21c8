// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The options of a TCP header, and no more of them than asked for.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp_options.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(all_options, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    auto const o = BPFXX_TRY(net::options_of<40>(segment));
    u64 const there = o.has_mss | o.has_window_scale << 1 | o.sack_permitted << 2 | o.has_timestamps << 3;
    observe(reason::none, there, o.mss, o.window_scale, o.sack_blocks, o.sack_at, o.timestamp, o.timestamp_echo);
    return xdp::pass;
}
BPFXX_XDP(most_options, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::tcp>());
    auto const o = BPFXX_TRY(net::options_of(segment));
    u64 const there = o.has_mss | o.has_window_scale << 1 | o.sack_permitted << 2 | o.has_timestamps << 3;
    observe(reason::none, there, o.mss, o.window_scale, o.sack_blocks, o.sack_at, o.timestamp, o.timestamp_echo);
    return xdp::pass;
}
BPFXX_XDP(four_options, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    auto const o = BPFXX_TRY(net::options_of<4>(segment));
    observe(reason::none, o.mss, o.has_mss);
    return xdp::pass;
}
/// The edges of the first block of a SACK, read from the options.
BPFXX_XDP(first_block, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    auto const o = BPFXX_TRY(net::options_of(segment));
    auto const left = BPFXX_TRY(segment.options().read<be32>(o.sack_at));
    auto const right = BPFXX_TRY(segment.options().read<be32>(o.sack_at + 4u));
    observe(reason::none, o.sack_blocks, left, right, segment.options().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The frame header alone, and as what leads to the others.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::number;
using test::observe;
using test::told;

BPFXX_XDP(frame, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    observe(reason::none, number(&eth->dst.raw[0]) >> 16, number(&eth->dst.raw[4]) & 0xffff'ffff'ffff, eth->type,
            eth.payload().size());
    return xdp::pass;
}
/// Which of the three protocols follows.
BPFXX_XDP(follows_frame, told)(xdp::packet packet) {
    auto [eth, next] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6, net::arp>>());
    observe(reason::none, next.is<net::ipv4>(), next.is<net::ipv6>(), next.is<net::arp>());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

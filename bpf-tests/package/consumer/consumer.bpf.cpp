// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Drops TCP segments that start with a given text. Oldest kernel: 5.10.
#include "consumer.hpp"
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

BPFXX_XDP(drop_text)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    return segment.payload().starts_with(CONSUMER_PREFIX) ? xdp::drop : xdp::pass;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Programs that are counted, by one line each, and one that is not.
#include <bpfxx/kernel/counters.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;

BPFXX_INLINE constexpr auto strict(reason why) -> xdp::action {
    return why == reason::other_protocol ? xdp::pass : why == reason::fragment ? xdp::redirect : xdp::drop;
}

BPFXX_COUNT(first, first_counts);
BPFXX_XDP(first)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return static_cast<xdp::action>(udp->dst.value()); // also what is no action at all
}

BPFXX_COUNT(second, second_counts);
BPFXX_XDP(second, strict)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return static_cast<xdp::action>(udp->dst.value());
}

BPFXX_XDP(third, strict)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return static_cast<xdp::action>(udp->dst.value());
}
BPFXX_LICENSE("GPL");

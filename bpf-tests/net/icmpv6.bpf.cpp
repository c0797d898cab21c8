// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ICMPv6 over IPv6, and the packet that an error quotes.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ports.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(message, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::icmpv6>());
    observe(reason::none, icmp->type, icmp->code, icmp->checksum, icmp->rest, icmp->identifier(), icmp->sequence(),
            icmp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(kind, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::icmpv6>());
    observe(reason::none, icmp->is_error(), icmp->is_echo(), icmp->is_echo_reply());
    return xdp::pass;
}
BPFXX_XDP(quoted, told)(xdp::packet packet) {
    auto [eth, ip, icmp, inner, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::icmpv6, net::ipv6, net::tcp>());
    observe(reason::none, inner->hop_limit, segment->src, segment->dst, segment.payload().size());
    return xdp::pass;
}
/// The same of a packet of which as little is quoted as may be.
BPFXX_XDP(quoted_ports, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::icmpv6>());
    auto [inner, ports] = BPFXX_TRY(icmp.next<net::ipv6, net::ports>());
    observe(reason::none, inner->hop_limit, ports.source(), ports.destination(), ports.payload().size());
    return xdp::pass;
}
/// An error that quotes the packet.
BPFXX_XDP(too_big, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6>());
    net::ethernet const back{.dst = eth->src, .src = eth->dst};
    net::ipv6 const outer{.src = ip->dst, .dst = ip->src};
    BPFXX_TRY(move(packet).encapsulate(back, outer, net::icmpv6{.type = 2, .rest = be32{1400}}, ip));
    return xdp::tx;
}
BPFXX_LICENSE("GPL");

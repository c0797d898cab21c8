// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ICMP over IPv4, and the packet that an error quotes.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ports.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(message, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    observe(reason::none, icmp->type, icmp->code, icmp->checksum, icmp->rest, icmp->identifier(), icmp->sequence(),
            icmp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(kind, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    observe(reason::none, icmp->is_error(), icmp->is_echo(), icmp->is_echo_reply());
    return xdp::pass;
}
BPFXX_XDP(quoted, told)(xdp::packet packet) {
    auto [eth, ip, icmp, inner, udp] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp, net::ipv4, net::udp>());
    observe(reason::none, inner->src, udp->src, udp->dst, udp.payload().size());
    return xdp::pass;
}
/// The same of a packet of which as little is quoted as may be.
BPFXX_XDP(quoted_ports, told)(xdp::packet packet) {
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    auto [inner, ports] = BPFXX_TRY(icmp.next<net::ipv4, net::ports>());
    observe(reason::none, inner->src, ports.source(), ports.destination(), ports.payload().size());
    return xdp::pass;
}
/// An error that quotes the packet.
BPFXX_XDP(too_big, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    net::ethernet const back{.dst = eth->src, .src = eth->dst};
    net::ipv4 const outer{.src = be32{0xc000'0201}, .dst = ip->src};
    BPFXX_TRY(move(packet).encapsulate(back, outer, net::icmp{.type = 3, .code = 4, .rest = be32{1400}}, ip));
    return xdp::tx;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// UDP over IPv4 and IPv6.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(datagram, told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    observe(reason::none, udp->src, udp->dst, udp->length, udp->checksum, udp.payload().size(), udp.source(),
            udp.destination());
    return xdp::pass;
}
BPFXX_XDP(over_any, told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp>());
    observe(reason::none, udp->src, udp->dst, udp->length, udp->checksum, udp.payload().size());
    return xdp::pass;
}
/// A header of the test's own on a UDP port.
struct question {
    static constexpr auto id = net::udp_port{53};
    be16 number, flags;
};
BPFXX_XDP(own_header, told)(xdp::packet packet) {
    auto [eth, ip, udp, dns] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, question>());
    observe(reason::none, dns->number, dns->flags, dns.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

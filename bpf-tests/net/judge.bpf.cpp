// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What bpfxx reads in any packet, for judge.py to compare with what tshark reads in it.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::number;
using test::observe;
using test::told;
using tags = up_to<2, net::vlan>;
using ip = either<net::ipv4, net::ipv6>;

BPFXX_XDP(read_ip, told)(xdp::packet packet) {
    auto [eth, vlan, l3] = BPFXX_TRY(packet.parse<net::ethernet, tags, ip>());
    auto const from = l3.source(), to = l3.destination();
    observe(reason::none, vlan.count, l3.is<net::ipv6>(), number(&from.raw[0]), number(&from.raw[8]),
            number(&to.raw[0]), number(&to.raw[8]), l3.payload().size());
    return xdp::pass;
}
BPFXX_XDP(read_ports, told)(xdp::packet packet) {
    auto [eth, vlan, l3, l4] = BPFXX_TRY(packet.parse<net::ethernet, tags, ip, either<net::tcp, net::udp>>());
    observe(reason::none, vlan.count, l4.is<net::udp>(), l4.source(), l4.destination(), l4.payload().size());
    return xdp::pass;
}
BPFXX_XDP(read_icmp, told)(xdp::packet packet) {
    auto [eth, vlan, l3, message] = BPFXX_TRY(packet.parse<net::ethernet, tags, ip, either<net::icmp, net::icmpv6>>());
    auto const type = message.visit([](auto const &h) BPFXX_LAMBDA -> u32 { return h.type; });
    auto const code = message.visit([](auto const &h) BPFXX_LAMBDA -> u32 { return h.code; });
    observe(reason::none, vlan.count, message.is<net::icmpv6>(), type, code, message.payload().size());
    return xdp::pass;
}
BPFXX_XDP(read_arp, told)(xdp::packet packet) {
    auto [eth, vlan, arp] = BPFXX_TRY(packet.parse<net::ethernet, tags, net::arp>());
    observe(reason::none, vlan.count, arp->operation, arp->sender_protocol, arp->target_protocol);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

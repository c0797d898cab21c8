// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ARP, with tags before it or not.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::number;
using test::observe;
using test::told;

BPFXX_XDP(question, told)(xdp::packet packet) {
    auto [eth, arp] = BPFXX_TRY(packet.parse<net::ethernet, net::arp>());
    observe(reason::none, arp->hardware_type, arp->protocol_type, arp->hardware_length, arp->protocol_length,
            arp->operation, arp->is_request(), arp->is_reply(), arp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(parties, told)(xdp::packet packet) {
    auto [eth, tags, arp] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, net::arp>());
    observe(reason::none, number(&arp->sender_hardware.raw[0]) >> 16, arp->sender_protocol,
            number(&arp->target_hardware.raw[0]) >> 16, arp->target_protocol, tags.count);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

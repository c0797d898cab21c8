// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// MACsec tags, and what can be read behind them.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/macsec.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(tag, told)(xdp::packet packet) {
    auto [eth, macsec] = BPFXX_TRY(packet.parse<net::ethernet, net::macsec>());
    observe(reason::none, macsec->packet_number, macsec->has_sci(), macsec->is_encrypted(), macsec->association(),
            macsec.options().size(), macsec.options().read<be64>().value_or(be64{}), macsec.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [eth, macsec, ip, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::macsec, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, macsec->has_sci(), ip.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
/// A customer's tag within, as switches have it.
BPFXX_XDP(tagged, told)(xdp::packet packet) {
    auto [eth, outer, macsec, tags, ip] = BPFXX_TRY(
        packet.parse<exactly, net::ethernet, up_to<1, net::vlan>, net::macsec, up_to<1, net::vlan>, net::ipv4>());
    observe(reason::none, outer.count, tags.count, ip->ttl, ip.payload().size());
    return xdp::pass;
}
BPFXX_XDP(by_steps, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    auto macsec = BPFXX_TRY(eth.next<net::macsec>());
    auto ip = BPFXX_TRY(macsec.next<net::ipv6>());
    observe(reason::none, macsec->association(), ip->hop_limit, ip.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

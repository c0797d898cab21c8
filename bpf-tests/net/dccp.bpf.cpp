// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// DCCP over IPv4 and IPv6, in both its forms.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(flow, told)(xdp::packet packet) {
    auto [eth, ip, dccp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::dccp>());
    observe(reason::none, dccp->src, dccp->dst, dccp->checksum, dccp->type(), dccp->is_extended(), dccp->sequence,
            dccp.options().size(), dccp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(over_any, told)(xdp::packet packet) {
    auto [eth, ip, dccp] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::dccp>());
    observe(reason::none, dccp.source(), dccp.destination(), dccp->sequence_top, dccp->ccval_cscov,
            dccp.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

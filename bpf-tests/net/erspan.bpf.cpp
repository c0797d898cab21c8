// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ERSPAN in GRE, and the mirrored frame.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/erspan.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(mirror, told)(xdp::packet packet) {
    auto [eth, ip, tunnel, erspan] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::gre, net::erspan>());
    observe(reason::none, tunnel->has_sequence(), erspan->vlan(), erspan->class_of_service(), erspan->is_truncated(),
            erspan->session(), erspan->index(), erspan.payload().size());
    return xdp::pass;
}
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [eth, ip, tunnel, erspan, frame, inner_ip, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::gre, net::erspan, net::ethernet,
                               either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, erspan->session(), frame->type, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

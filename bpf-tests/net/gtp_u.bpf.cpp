// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// GTP-U, and the user's packet behind what is optional.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(tunnel, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gtp] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::gtp_u>());
    observe(reason::none, gtp->message_type, gtp->length, gtp->teid, gtp->has_extension(), gtp->has_sequence(),
            gtp->has_n_pdu(), gtp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(user_packet, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gtp, inner, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::gtp_u, either<net::ipv4, net::ipv6>,
                               either<net::tcp, net::udp>>());
    observe(reason::none, gtp->teid, inner.is<net::ipv4>(), segment.destination(), segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(over_any, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gtp, inner] = BPFXX_TRY(
        packet.parse<exactly, net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::gtp_u, net::ipv4>());
    observe(reason::none, gtp->teid, inner->ttl, inner.payload().size());
    return xdp::pass;
}
BPFXX_XDP(by_steps, told)(xdp::packet packet) {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    auto gtp = BPFXX_TRY(datagram.next<net::gtp_u>());
    auto inner = BPFXX_TRY(gtp.next<net::ipv6>());
    observe(reason::none, gtp->teid, inner->hop_limit, inner.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

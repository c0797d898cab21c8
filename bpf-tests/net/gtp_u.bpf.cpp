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
/// The version is asked for twice: in the chain, and by the address.
BPFXX_XDP(unwrapped, told)(xdp::packet packet) {
    auto [eth, ip, datagram, gtp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::gtp_u>());
    auto inner = BPFXX_TRY(gtp.next<either<net::ipv4, net::ipv6>>());
    if (inner.is<net::ipv4>() && inner.source() == net::ip_address{be32{9}}) return xdp::drop;
    observe(reason::none, gtp->teid, inner.is<net::ipv4>(), inner.payload().size());
    BPFXX_TRY(move(packet).decapsulate(eth, inner));
    return xdp::pass;
}
struct session_container {
    be16 sequence;
    u8 n_pdu, next, words, type, qfi, last;
};
BPFXX_XDP(wrapped, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    net::ipv4 const outer{
        .identification = be16{1}, .flags_offset{}, .src = be32{0x0a00'0001}, .dst = be32{0x0a00'0002}};
    net::udp const datagram{.src = be{net::udp_port{1234}}};
    if (ip.is<net::ipv4>()) {
        BPFXX_TRY(move(packet).encapsulate(eth, outer, datagram, net::gtp_u::of(7), ip));
        return xdp::pass;
    }
    BPFXX_TRY(move(packet).encapsulate(
        eth, outer, datagram,
        with_options{net::gtp_u{.flags = 0x34, .teid = be32{7}}, session_container{be16{1}, 0, 0x85, 1, 0x5a, 0x5a, 0}},
        ip));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TCP: its fields, and where its options end.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(first_half, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, segment->src, segment->dst, segment->seq, segment->ack, segment->data_offset, segment->flags,
            segment->window, segment->checksum);
    return xdp::pass;
}
BPFXX_XDP(second_half, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, segment->urgent, segment->size(), segment.payload().size(), segment.source(),
            segment.destination());
    return xdp::pass;
}
BPFXX_XDP(flag_names, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, segment->fin(), segment->syn(), segment->rst(), segment->psh(), segment->is_ack(),
            segment->urg());
    return xdp::pass;
}
/// Whatever lies below, and beside UDP.
BPFXX_XDP(over_any, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    observe(reason::none, l4.source(), l4.destination(), l4.payload().size(), l4.is<net::tcp>());
    return xdp::pass;
}
/// A header of the test's own on any TCP port.
struct record {
    static constexpr auto id = any<net::tcp_port>{};
    u8 kind;
    be16 length;
};
BPFXX_XDP(own_header, told)(xdp::packet packet) {
    auto [eth, ip, segment, first] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp, record>());
    observe(reason::none, first->kind, first->length, first.payload().size());
    return xdp::pass;
}
/// An answer made of new headers, with an option or without. It carries what the question did.
struct segment_size {
    u8 kind = 2, length = 4;
    be16 most{1300};
};
BPFXX_XDP(answering, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, net::tcp>());
    net::ipv4 const back{.identification = be16{1}, .flags_offset{}, .src = ip->dst, .dst = ip->src};
    net::tcp const head{.src = segment->dst,
                        .dst = segment->src,
                        .seq = be32{7},
                        .ack = be32{segment->seq.value() + 1},
                        .flags = 0x12,
                        .window = be16{512}};
    if (segment->urg())
        BPFXX_TRY(move(packet).translate(eth, back, head, behind(segment)));
    else
        BPFXX_TRY(move(packet).translate(eth, back, with_options{head, segment_size{}}, behind(segment)));
    return xdp::tx;
}
BPFXX_XDP(answering_v6, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv6, net::tcp>());
    net::ipv6 const back{.src = ip->dst, .dst = ip->src};
    net::tcp const head{.src = segment->dst, .dst = segment->src, .seq = be32{7}, .flags = 0x12, .window = be16{512}};
    BPFXX_TRY(move(packet).translate(eth, back, with_options{head, segment_size{}}, behind(segment)));
    return xdp::tx;
}
BPFXX_LICENSE("GPL");

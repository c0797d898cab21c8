// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// GRE, its optional fields, and what it carries.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(plain_fields, told)(xdp::packet packet) {
    auto [eth, ip, tunnel] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::gre>());
    observe(reason::none, tunnel->protocol, tunnel->has_checksum(), tunnel->has_key(), tunnel->has_sequence(),
            tunnel.options().size(), tunnel.payload().size());
    return xdp::pass;
}
BPFXX_XDP(optional_fields, told)(xdp::packet packet) {
    auto [eth, ip, tunnel] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::gre>());
    auto const checksum = checksum_of(tunnel);
    auto const key = key_of(tunnel), sequence = sequence_of(tunnel);
    observe(reason::none, checksum.why(), checksum.value_or(be16{}), key.why(), key.value_or(be32{}), sequence.why(),
            sequence.value_or(be32{}));
    return xdp::pass;
}
BPFXX_XDP(inner_ip, told)(xdp::packet packet) {
    auto [eth, ip, tunnel, inner, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::gre, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, inner.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
/// As the kernel's gretap has it.
BPFXX_XDP(inner_frame, told)(xdp::packet packet) {
    auto [eth, ip, tunnel, inner, inner_ip, segment] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, net::gre, net::ethernet, net::ipv4, net::tcp>());
    observe(reason::none, inner->type, segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

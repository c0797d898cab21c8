// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Drops TCP to port 80 over IPv4 that IPv4 carries, in IPIP or in GRE. As in its anchor lengths are not honoured, but for those
/// that tell where the next header is.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

/// A TCP header, whatever options it says it has.
struct segment_start {
    static constexpr auto id = net::ip_proto{6};
    be16 src;
    be<net::tcp_port> dst;
    u8 rest[16];
};

BPFXX_XDP(nested)(xdp::packet packet) {
    auto [eth, outer, tunnel, inner, segment] = BPFXX_TRY(
        packet.parse<ignoring_lengths, net::ethernet, net::ipv4, maybe<net::gre>, net::ipv4, segment_start>());
    return segment->dst == net::tcp_port{80} ? xdp::drop : xdp::pass;
}

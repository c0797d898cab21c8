// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Drops TCP to port 80 over IPv4 that IPv4 carries, in IPIP or in GRE.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

BPFXX_XDP(nested)(xdp::packet packet) {
    auto [eth, outer, tunnel, inner, segment] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, maybe<net::gre>, net::ipv4, net::tcp>());
    return segment->dst == net::tcp_port{80} ? xdp::drop : xdp::pass;
}

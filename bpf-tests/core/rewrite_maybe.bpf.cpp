// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A change in a packet that is in a UDP tunnel, or in none.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;

BPFXX_LICENSE("GPL");

BPFXX_XDP(in_a_tunnel, test::told)(xdp::packet packet) {
    auto [eth, ip, tunnel, gue, inner, datagram] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, maybe<net::udp>, maybe<net::gue>, net::ipv4, net::udp>());
    auto change = packet.rewrite(tunnel, gue, inner, datagram);
    change.source(be32{0xcb00'7107});
    auto const was = change.write(1, be16{0x4142});
    if (!was) return xdp::pass;
    return xdp::tx;
}

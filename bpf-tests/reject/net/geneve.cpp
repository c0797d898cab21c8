// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Geneve stands behind a UDP port: not behind IP.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::geneve
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4, net::udp, net::geneve>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::ipv4, net::geneve>() ? xdp::drop : xdp::pass;
#endif
}

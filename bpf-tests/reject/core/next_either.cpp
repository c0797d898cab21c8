// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A chain that goes on behind alternatives is checked as well.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::ipv6
// EXPECT: net::arp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    return ip.next<net::tcp>() ? xdp::drop : xdp::pass;
#else
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    return ip.next<net::arp>() ? xdp::drop : xdp::pass;
#endif
}

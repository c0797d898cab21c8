// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ICMP needs IPv4 below it.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::icmp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4, net::icmp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::icmp>() ? xdp::drop : xdp::pass;
#endif
}

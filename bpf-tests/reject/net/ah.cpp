// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// AH stands in IP, not on Ethernet.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::ah
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4, net::ah>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::ah>() ? xdp::drop : xdp::pass;
#endif
}

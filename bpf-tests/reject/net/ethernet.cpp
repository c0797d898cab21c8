// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IPv4 names what it carries by a protocol number, and Ethernet has none.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::ethernet
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::ethernet>() ? xdp::drop : xdp::pass;
#endif
}

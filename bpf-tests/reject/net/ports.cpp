// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Ports stand in IP, not on Ethernet.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::ports
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ports.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4, net::ports>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::ports>() ? xdp::drop : xdp::pass;
#endif
}

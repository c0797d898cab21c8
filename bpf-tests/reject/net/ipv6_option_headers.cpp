// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An extension header is behind IPv6, or behind another one.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::ipv6_routing
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv6_destination, net::ipv6_routing>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::ipv6_routing>() ? xdp::drop : xdp::pass;
#endif
}

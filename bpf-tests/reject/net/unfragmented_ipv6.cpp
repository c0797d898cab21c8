// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What IPv6 carries is asked of a whole packet, too.
// EXPECT: cannot stand directly behind
// EXPECT: net::unfragmented_ipv6
// EXPECT: net::arp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/unfragmented_ipv6.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::unfragmented_ipv6, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::unfragmented_ipv6, net::arp>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A question about a header that is none of the alternatives.
// EXPECT: this is none of the alternatives
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    return ip.is<net::ipv6>() ? xdp::drop : xdp::pass;
#else
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    return ip.is<net::arp>() ? xdp::drop : xdp::pass;
#endif
}

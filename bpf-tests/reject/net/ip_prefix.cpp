// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An IPv6 prefix has no fields of IPv4 in it: source() is what both have.
// EXPECT: be32'
// EXPECT: ip_address
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ip_prefix.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return net::ipv6_prefix{{}, 8}.contains(ip->source()) ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return net::ipv6_prefix{{}, 8}.contains(ip->src) ? xdp::drop : xdp::pass;
#endif
}

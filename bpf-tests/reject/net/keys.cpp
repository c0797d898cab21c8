// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A protocol number is compared with protocol numbers only.
// EXPECT: ip_proto'
// EXPECT: ether_type'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->protocol == net::ip_proto{6} ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->protocol == net::ether_type{6} ? xdp::drop : xdp::pass;
#endif
}

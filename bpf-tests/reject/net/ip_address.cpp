// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The field src of IPv4 and the address that source() makes of it are two types.
// EXPECT: ip_address'
// EXPECT: be32'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return net::ip_address{} == ip->destination() ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return net::ip_address{} == ip->dst ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The key of a map is of its type.
// EXPECT: be32'
// EXPECT: net::ip_address
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_MAP(blocked, spec::hash<net::ip_address, u64, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return blocked.contains(ip->source()) ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return blocked.contains(ip->src) ? xdp::drop : xdp::pass;
#endif
}

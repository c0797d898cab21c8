// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A map of TCP ports is not asked about UDP ports.
// EXPECT: udp_port>'
// EXPECT: tcp_port>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_MAP(exempt, spec::hash<be<net::tcp_port>, u8, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return exempt.contains(segment->dst) ? xdp::drop : xdp::pass;
#else
    auto datagram = BPFXX_TRY(packet.parse<net::udp>());
    return exempt.contains(datagram->dst) ? xdp::drop : xdp::pass;
#endif
}

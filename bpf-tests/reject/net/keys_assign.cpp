// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A key does not become a key of another space.
// EXPECT: tcp_port'
// EXPECT: udp_port'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto datagram = BPFXX_TRY(packet.parse<net::udp>());
    net::udp_port const port = datagram->dst.value();
    return port == net::udp_port{53} ? xdp::drop : xdp::pass;
#else
    auto datagram = BPFXX_TRY(packet.parse<net::udp>());
    net::tcp_port const port = datagram->dst.value();
    return port == net::tcp_port{53} ? xdp::drop : xdp::pass;
#endif
}

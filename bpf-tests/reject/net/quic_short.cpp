// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// How long a connection ID is the packet does not say.
// EXPECT: template arguments
// EXPECT GCC: wrong number of template arguments
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/quic_short.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::udp, net::quic, net::quic_short<8>>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::udp, net::quic, net::quic_short<>>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Which header it is the first byte says.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: net::quic_long
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/quic_long.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::udp, net::quic, net::quic_long>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::udp, net::quic_long>() ? xdp::drop : xdp::pass;
#endif
}

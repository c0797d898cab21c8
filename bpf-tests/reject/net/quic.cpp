// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// QUIC is carried by UDP.
// EXPECT: cannot stand directly behind
// EXPECT: net::tcp
// EXPECT: net::quic
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::udp, net::quic>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::tcp, net::quic>() ? xdp::drop : xdp::pass;
#endif
}

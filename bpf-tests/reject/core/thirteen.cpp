// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Thirteen headers.
// EXPECT: a chain has at most 12 headers
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4,
                        net::ipv4, net::ipv4, net::ipv4, net::tcp>()
               ? xdp::drop
               : xdp::pass;
#else
    return packet.parse<net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::ipv4,
                        net::ipv4, net::ipv4, net::ipv4, net::ipv4, net::tcp>()
               ? xdp::drop
               : xdp::pass;
#endif
}

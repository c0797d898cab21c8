// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A datagram has a length of its own.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: net::dns_over_tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/dns_over_tcp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::udp, net::dns>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::udp, net::dns_over_tcp>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// On TCP a message has its length before it: dns_over_tcp.
// EXPECT: cannot stand directly behind
// EXPECT: net::tcp
// EXPECT: net::dns
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/dns_over_tcp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::tcp, net::dns_over_tcp, net::dns>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::tcp, net::dns>() ? xdp::drop : xdp::pass;
#endif
}

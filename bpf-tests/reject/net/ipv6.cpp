// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No TCP port says IPv6.
// EXPECT: cannot stand directly behind
// EXPECT: net::tcp
// EXPECT: net::ipv6
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv6, net::ipv6, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv6, net::tcp, net::ipv6>() ? xdp::drop : xdp::pass;
#endif
}

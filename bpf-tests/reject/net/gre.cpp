// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// GRE says by an EtherType what it carries: no segment.
// EXPECT: cannot stand directly behind
// EXPECT: net::gre
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::gre, net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::gre, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// This form of L2TPv3 stands in IP, not in UDP.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: net::l2tpv3
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/l2tpv3.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::l2tpv3>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::udp, net::l2tpv3>() ? xdp::drop : xdp::pass;
#endif
}

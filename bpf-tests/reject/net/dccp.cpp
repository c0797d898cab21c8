// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// DCCP stands in IP.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: net::dccp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::dccp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::udp, net::dccp>() ? xdp::drop : xdp::pass;
#endif
}

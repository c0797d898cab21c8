// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Behind labels there is IP, not what IP carries.
// EXPECT: cannot stand directly behind
// EXPECT: net::mpls
// EXPECT: net::udp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::mpls, net::ipv4, net::udp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::mpls, net::udp>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// VXLAN carries frames, so no packet of IP stands in it at once.
// EXPECT: cannot stand directly behind
// EXPECT: net::vxlan
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::udp, net::vxlan, net::ethernet, net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::udp, net::vxlan, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

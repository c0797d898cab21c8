// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Neither a tag nor what is before it leads to TCP.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::vlan
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, up_to<2, net::vlan>, net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, up_to<2, net::vlan>, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

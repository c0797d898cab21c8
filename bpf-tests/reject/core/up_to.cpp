// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A repeated header needs a place where it can stand.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::vlan
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, up_to<2, net::vlan>, net::ipv4>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::ipv4, up_to<2, net::vlan>>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// LLC itself says no EtherType: SNAP does.
// EXPECT: cannot stand directly behind
// EXPECT: net::llc
// EXPECT: net::ipv4
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/snap.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::llc, net::snap, net::ipv4>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::llc, net::ipv4>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No EtherType says SNAP: it stands behind LLC.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::snap
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/snap.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::llc, net::snap>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::snap>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A Wi-Fi frame is no packet of IP yet: LLC and SNAP stand between.
// EXPECT: cannot stand directly behind
// EXPECT: net::ieee80211
// EXPECT: net::ipv4
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/snap.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ieee80211, net::llc, net::snap, net::ipv4>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ieee80211, net::ipv4>() ? xdp::drop : xdp::pass;
#endif
}

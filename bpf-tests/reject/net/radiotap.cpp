// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A monitor's header stands before Wi-Fi frames, and before no others.
// EXPECT: cannot stand directly behind
// EXPECT: net::radiotap
// EXPECT: net::ethernet
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/radiotap.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::radiotap, net::ieee80211>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::radiotap, net::ethernet>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Frames of a Wi-Fi monitor, with what it says about each.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/radiotap.hpp>
#include <bpfxx/net/snap.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(monitor, told)(xdp::packet packet) {
    auto [radio] = BPFXX_TRY(packet.parse<net::radiotap>());
    observe(reason::none, radio->length, radio->present, radio.options().size(), radio.options().read<u8>().value_or(0),
            radio.payload().size());
    return xdp::pass;
}
BPFXX_XDP(frame, told)(xdp::packet packet) {
    auto [radio, frame, llc, snap, arp] =
        BPFXX_TRY(packet.parse<net::radiotap, net::ieee80211, net::llc, net::snap, net::arp>());
    observe(reason::none, radio->length, frame->sequence(), arp->operation, arp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(exact, told)(xdp::packet packet) {
    auto [radio, frame] = BPFXX_TRY(packet.parse<exactly, net::radiotap, net::ieee80211>());
    observe(reason::none, frame->sequence(), frame.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

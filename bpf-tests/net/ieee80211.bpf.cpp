// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Wi-Fi data frames as they come from a monitor without a radiotap header.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(plain_fields, told)(xdp::packet packet) {
    auto frame = BPFXX_TRY(packet.parse<net::ieee80211>());
    observe(reason::none, frame->type, frame->flags, frame->duration, frame->address1.raw[5], frame->address2.raw[5],
            frame->address3.raw[5], frame->sequence());
    return xdp::pass;
}
BPFXX_XDP(optional_fields, told)(xdp::packet packet) {
    auto [frame] = BPFXX_TRY(packet.parse<net::ieee80211>());
    observe(reason::none, frame.options().size(), frame.payload().size(), frame->is_qos(), frame->has_address4(),
            frame->has_data(), frame.options().read<u8>().value_or(0));
    return xdp::pass;
}
BPFXX_XDP(inner, told)(xdp::packet packet) {
    auto [frame, llc, snap, ip, segment] =
        BPFXX_TRY(packet.parse<net::ieee80211, net::llc, net::snap, either<net::ipv4, net::ipv6>, net::tcp>());
    observe(reason::none, ip.is<net::ipv4>(), segment->dst, segment.payload().size());
    return xdp::pass;
}
BPFXX_XDP(exact, told)(xdp::packet packet) {
    auto [frame, llc, snap] = BPFXX_TRY(packet.parse<exactly, net::ieee80211, net::llc, net::snap>());
    observe(reason::none, snap->type, snap.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

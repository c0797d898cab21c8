// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// LLC where Ethernet has a length instead of a type.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(frame, told)(xdp::packet packet) {
    auto [eth, llc] = BPFXX_TRY(packet.parse<net::ethernet, net::llc>());
    observe(reason::none, llc->dsap, llc->ssap, llc->control, llc->is_group(), llc->is_response(),
            llc.payload().size());
    return xdp::pass;
}
BPFXX_XDP(either_frame, told)(xdp::packet packet) {
    auto [eth, tags, next] = BPFXX_TRY(packet.parse<net::ethernet, up_to<1, net::vlan>, either<net::ipv4, net::llc>>());
    observe(reason::none, next.is<net::llc>(), tags.count, next.payload().size());
    return xdp::pass;
}
/// A header of the test's own: the spanning tree's.
struct bpdu {
    static constexpr auto id = net::lsap{0x42};
    be16 protocol;
    u8 version, type;
};
BPFXX_XDP(spanning_tree, told)(xdp::packet packet) {
    auto [eth, llc, stp] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::llc, bpdu>());
    observe(reason::none, stp->protocol, stp->version, stp->type, stp.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

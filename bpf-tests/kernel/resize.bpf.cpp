// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Packets that become longer or shorter at either end, tags, and metadata before them. What is to be done, and by how much,
/// stands behind the Ethernet header.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>
using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_LICENSE("GPL");

constexpr auto told_tc(reason why) -> tc::action { return test::told_as<tc::action>(why); }

enum : u16 { grow_head, shrink_head, grow_tail, shrink_tail };
struct order {
    static constexpr auto id = net::ether_type{0x88b5};
    be16 what;
    be32 amount;
};

BPFXX_XDP(resize, told)(xdp::packet packet) {
    auto [eth, order] = BPFXX_TRY(packet.parse<net::ethernet, ::order>());
    auto const what = order->what.value();
    auto const amount = order->amount.value();
    xdp::packet after{packet.raw()};
    if (what == grow_head)
        after = BPFXX_TRY(move(packet).grow_head(amount));
    else if (what == shrink_head)
        after = BPFXX_TRY(move(packet).shrink_head(amount));
    else if (what == grow_tail)
        after = BPFXX_TRY(move(packet).grow_tail(amount));
    else
        after = BPFXX_TRY(move(packet).shrink_tail(amount));
    observe(reason::none, after.length(), after.payload().size());
    return xdp::tx;
}
BPFXX_TC(resize_tc, told_tc)(tc::packet packet) {
    auto [eth, order] = BPFXX_TRY(packet.parse<net::ethernet, ::order>());
    auto const what = order->what.value();
    auto const amount = order->amount.value();
    tc::packet after{packet.raw()};
    if (what == grow_head)
        after = BPFXX_TRY(move(packet).grow_head(amount));
    else if (what == grow_tail)
        after = BPFXX_TRY(move(packet).grow_tail(amount));
    else
        after = BPFXX_TRY(move(packet).shrink_tail(amount));
    observe(reason::none, after.length(), after.payload().size());
    return tc::ok;
}
/// As many bytes as `amount` says are put before it, and as many as `what` says cut off.
BPFXX_TC(grown_and_cut, told_tc)(tc::packet packet) {
    auto [eth, order] = BPFXX_TRY(packet.parse<net::ethernet, ::order>());
    auto const cut = order->what.value();
    auto grown = BPFXX_TRY(move(packet).grow_head(order->amount.value()));
    auto const after = BPFXX_TRY(move(grown).shrink_tail(cut));
    observe(reason::none, after.length());
    return tc::ok;
}

/// There and back again: what was cut off at the head is there still.
BPFXX_XDP(head_and_back, told)(xdp::packet packet) {
    auto shorter = BPFXX_TRY(move(packet).shrink_head(4));
    BPFXX_TRY(move(shorter).grow_head(4));
    return xdp::tx;
}

/// What was cut off at the tail is not.
BPFXX_XDP(tail_and_back, told)(xdp::packet packet) {
    auto shorter = BPFXX_TRY(move(packet).shrink_tail(4));
    BPFXX_TRY(move(shorter).grow_tail(6));
    return xdp::tx;
}
BPFXX_TC(tail_back_tc, told_tc)(tc::packet packet) {
    auto shorter = BPFXX_TRY(move(packet).shrink_tail(4));
    BPFXX_TRY(move(shorter).grow_tail(6));
    return tc::ok;
}

struct stamp {
    u32 mark;
    be16 port, other;
};
struct long_stamp {
    u32 words[8];
};
BPFXX_XDP(stamped, told)(xdp::packet packet) {
    observe(packet.metadata<stamp>().why());
    auto const marked = BPFXX_TRY(move(packet).with_metadata(stamp{77, be16{0x1234}, be16{9}}));
    auto const seen_again = BPFXX_TRY(marked.metadata<stamp>());
    auto const eth = BPFXX_TRY(marked.parse<net::ethernet>());
    observe(reason::none, seen_again.mark, seen_again.port, seen_again.other, eth->type, marked.length());
    return xdp::pass;
}
/// Metadata move along when the packet grows.
BPFXX_XDP(stamped_tunnel, told)(xdp::packet packet) {
    auto marked = BPFXX_TRY(move(packet).with_metadata(stamp{1, be16{2}, be16{3}}));
    auto const longer = BPFXX_TRY(move(marked).push_vlan(net::vlan::of(5)));
    auto const seen_again = BPFXX_TRY(longer.metadata<stamp>());
    observe(reason::none, seen_again.mark, seen_again.port, seen_again.other);
    return xdp::pass;
}
/// More than any kernel takes: nine times 32 bytes.
BPFXX_XDP(stamped_often, told)(xdp::packet packet) {
    BPFXX_ROLLED for (u32 i = 0; i < 9; i++) packet = BPFXX_TRY(move(packet).with_metadata(long_stamp{{i}}));
    return xdp::pass;
}
BPFXX_TC(unstamped_tc, told_tc)(tc::packet packet) {
    BPFXX_TRY(packet.metadata<stamp>());
    return tc::ok;
}

BPFXX_XDP(push, told)(xdp::packet packet) {
    BPFXX_TRY(move(packet).push_vlan(net::vlan::of(7, 3)));
    return xdp::tx;
}
BPFXX_XDP(push_two, told)(xdp::packet packet) {
    auto tagged = BPFXX_TRY(move(packet).push_vlan(net::vlan::of(7)));
    BPFXX_TRY(move(tagged).push_vlan(net::vlan::of(8), net::ether_type{0x88a8}));
    return xdp::tx;
}
BPFXX_XDP(pop, told)(xdp::packet packet) {
    BPFXX_TRY(move(packet).pop_vlan<net::vlan>());
    return xdp::tx;
}
/// The same by composition.
BPFXX_XDP(push_composed, told)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    BPFXX_TRY(move(packet).encapsulate(eth, net::vlan::of(7, 3), behind(eth)));
    return xdp::tx;
}
BPFXX_XDP(pop_composed, told)(xdp::packet packet) {
    auto [eth, tag] = BPFXX_TRY(packet.parse<net::ethernet, net::vlan>());
    BPFXX_TRY(move(packet).decapsulate(eth, behind(tag)));
    return xdp::tx;
}

/// Of an skb the outermost tag is beside its bytes. Without one, kernels before 6.2 still tell the last.
BPFXX_INLINE auto seen_tag(tc::packet const &packet) -> void {
    auto const *const is = packet.raw();
    observe(reason::none, is->vlan_present, is->vlan_present != 0 ? is->vlan_tci : 0,
            network_order(static_cast<u16>(is->protocol)), packet.length());
}
BPFXX_TC(push_tc, told_tc)(tc::packet packet) {
    seen_tag(BPFXX_TRY(move(packet).push_vlan(net::vlan::of(7, 3))));
    return tc::ok;
}
BPFXX_TC(push_two_tc, told_tc)(tc::packet packet) {
    auto tagged = BPFXX_TRY(move(packet).push_vlan(net::vlan::of(7)));
    seen_tag(BPFXX_TRY(move(tagged).push_vlan(net::vlan::of(8), net::ether_type{0x88a8})));
    return tc::ok;
}
BPFXX_TC(pop_tc, told_tc)(tc::packet packet) {
    seen_tag(BPFXX_TRY(move(packet).pop_vlan<net::vlan>()));
    return tc::ok;
}
BPFXX_TC(push_pop_tc, told_tc)(tc::packet packet) {
    auto tagged = BPFXX_TRY(move(packet).push_vlan(net::vlan::of(7)));
    seen_tag(BPFXX_TRY(move(tagged).pop_vlan<net::vlan>()));
    return tc::ok;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel's helpers for checksums, called with what the packet says.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

/// Behind the Ethernet header.
struct request {
    static constexpr auto id = net::ether_type{0x88b5};
    be32 offset;
    be64 from, to, flags;
};

BPFXX_TC(l3, test::told_as<tc::action>)(tc::packet packet) {
    auto [eth, r] = BPFXX_TRY(packet.parse<exactly, net::ethernet, request>());
    observe(reason::none,
            helper::l3_csum_replace(packet.raw(), r->offset.value(), r->from.value(), r->to.value(), r->flags.value()));
    return tc::ok;
}
BPFXX_TC(l4, test::told_as<tc::action>)(tc::packet packet) {
    auto [eth, r] = BPFXX_TRY(packet.parse<exactly, net::ethernet, request>());
    observe(reason::none,
            helper::l4_csum_replace(packet.raw(), r->offset.value(), r->from.value(), r->to.value(), r->flags.value()));
    return tc::ok;
}
BPFXX_TC(stores, test::told_as<tc::action>)(tc::packet packet) {
    auto [eth, r] = BPFXX_TRY(packet.parse<exactly, net::ethernet, request>());
    alignas(8) be64 const bytes = r->to; // the verifier wants words on the stack aligned
    observe(reason::none,
            helper::skb_store_bytes(packet.raw(), r->offset.value(), bytes.raw, sizeof bytes, r->flags.value()));
    return tc::ok;
}
BPFXX_TC(sums, test::told_as<tc::action>)(tc::packet packet) {
    auto [eth, r] = BPFXX_TRY(packet.parse<exactly, net::ethernet, request>());
    __be32 before[2], after[2];
    __builtin_memcpy(before, r->from.raw, 8);
    __builtin_memcpy(after, r->to.raw, 8);
    auto const sum = static_cast<u32>(helper::csum_diff(before, 8, after, 8, r->offset.value()));
    auto folded = (sum & 0xffff) + (sum >> 16);
    folded = (folded & 0xffff) + (folded >> 16);
    observe(reason::none, folded, helper::csum_update(packet.raw(), sum));
    return tc::ok;
}
BPFXX_LICENSE("GPL");

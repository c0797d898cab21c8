// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The ways in which a value comes out of a lookup. A packet is an index.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_MAP(slots, spec::array<u64, 2>);

struct request {
    be32 index;
    u8 rest[10];
};

BPFXX_XDP(by_then, told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u64 after = 99;
    auto const there = slots.lookup(r->index.value()).then([&](u64 &n) BPFXX_LAMBDA { after = ++n; });
    observe(reason::none, there, after);
    return xdp::pass;
}
BPFXX_XDP(by_value, told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    auto const found = slots.lookup(r->index.value());
    observe(reason::none, found.value_or(77), static_cast<bool>(found), found.why());
    return xdp::pass;
}
BPFXX_XDP(by_address, told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    auto *const at = BPFXX_TRY(slots.lookup(r->index.value()));
    *at += 10;
    observe(reason::none, *at);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

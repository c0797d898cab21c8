// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What keeps the optimiser and the verifier of one mind changes no value.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct block {
    u8 raw[16];
};
struct table {
    u32 entry[64];
};
BPFXX_MAP(tables, spec::array<table, 1>);

BPFXX_XDP(values)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    u32 const word = load<u32>(b->raw);
    observe(reason::none, opaque(word), opaque(load<u64>(b->raw + 4)), bounded<0xff>(word), bounded<0>(word),
            bounded<~0u>(word), forgotten(word, b->raw[9]), opaque(b->raw[12]));
    return xdp::pass;
}

/// Choices without branches.
BPFXX_XDP(choices)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    u32 const is_7 = same(b->raw[0], 7), are_same = same(b->raw[1], b->raw[2]);
    observe(reason::none, is_7, are_same, chosen(is_7, 100, 200), chosen(are_same, load<u32>(b->raw + 4), ~0u),
            lesser(b->raw[0], b->raw[2]), lesser(load<u32>(b->raw + 4) >> 1, 0x4000'0000));
    return xdp::pass;
}

/// An index from the packet: without the mask, or with one that the optimiser removed, this does not load.
BPFXX_XDP(lookup)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    auto *const t = BPFXX_TRY(tables.lookup(0));
    BPFXX_ROLLED for (u32 i = 0; i < 64; i++) t->entry[i] = i * i;
    u32 const index = b->raw[0];
    if (index >= 64) return xdp::drop; // the optimiser now knows that the mask changes nothing
    observe(reason::none, t->entry[bounded<63>(index)]);
    return xdp::pass;
}

/// Twenty rounds, each with two ways on: 2^20 paths for a verifier that remembers the number.
BPFXX_XDP(paths)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    u32 count = 0;
    BPFXX_ROLLED for (u32 i = 0; i < 20; i++) {
        u32 const byte = b->raw[bounded<15>(i)];
        if (byte > i * 10) count = forgotten(count + 1, byte);
    }
    observe(reason::none, count);
    return xdp::pass;
}

/// Ten choices between two numbers that are known, and their sum moves a pointer: the verifier wants to know it precisely, so
/// without detached() these are 2^10 paths, as the table of what it walks through would show.
BPFXX_XDP(sums, xdp::aborted)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    u32 sum = 0;
    BPFXX_ROLLED for (u32 i = 0; i < 10; i++) sum += b->raw[bounded<15>(i)] > i * 10 ? 3 + i : 5 * i;
    auto *const t = BPFXX_TRY(tables.lookup(0));
    BPFXX_ROLLED for (u32 i = 0; i < 64; i++) t->entry[i] = i * i;
    u32 const at_sum = t->entry[bounded<63>(detached(sum))];
    observe(reason::none, detached(sum), at_sum, detached(0), detached(0x5bd1'e995), detached(~0u));
    return xdp::pass;
}

/// A loop that ends where its number is zero, and may not be begun.
BPFXX_XDP(jumps)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    u64 rounds = 5, sum = 0;
    u64 const begun = b->raw[0] & 7, held = b->raw[1] * 5u;
    BPFXX_LATER_AT(none, begun, held);
again:
    sum += rounds * held;
    rounds = opaque(rounds - 1);
    BPFXX_BACK_TO(again, rounds);
    observe(reason::none, sum, held);
    return xdp::tx;
none:
    observe(reason::none, sum, held);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

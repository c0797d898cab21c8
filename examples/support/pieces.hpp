// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How many pieces of a stream are under way in the kernel. Each takes some 2 KiB there, however few bytes it has.
#include <bpfxx/core/int.hpp>

struct pieces {
    bpfxx::u64 mark;   // bytes that had arrived when so many were `marked`
    bpfxx::u32 count;  // all
    bpfxx::u32 marked; // those up to the mark
    bpfxx::u32 done;   // those that are acknowledged, at least
    bpfxx::u32 padding;
};

/// One more of this length, where so many bytes have arrived and so many of them are acknowledged behind.
BPFXX_INLINE auto add_piece(pieces &p, bpfxx::u64 arrived, bpfxx::u64 acknowledged, bpfxx::u32 length) -> void {
    if (acknowledged + length >= arrived) { // all others are
        p.done = p.marked = p.count;
        p.mark = arrived;
    } else if (acknowledged >= p.mark) {
        p.done = p.marked;
        p.marked = p.count;
        p.mark = arrived;
    }
    ++p.count;
}
/// How many may be under way.
BPFXX_INLINE auto under_way(pieces const &p) -> bpfxx::u32 { return p.count - p.done; }
/// More than these, and what arrives has to wait: with a budget of so many bytes.
inline auto most_pieces(bpfxx::u64 budget) -> bpfxx::u64 { return budget / 512 > 64 ? budget / 512 : 64; }

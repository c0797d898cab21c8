// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A cursor over a whole frame, asked by hand.
#include <bpfxx/core/cursor.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_PROGRAM("xdp", bounds, xdp::context *context) {
    cursor const first{xdp::begin(*context), xdp::end(*context), unlimited};
    auto const next = first.moved(14);
    u64 byte = 0xeee;
    if (next.holds(2)) byte = next.at[1];
    observe(reason::none, first.remaining(), first.holds(0), first.holds(14), first.holds(15), first.holds(1500),
            next.holds(1), byte, static_cast<u32>(next.left));
    return xdp::pass;
}

/// As many bytes as the packet's first byte says, but no more than there are.
BPFXX_PROGRAM("xdp", walk, xdp::context *context) {
    cursor here{xdp::begin(*context), xdp::end(*context), unlimited};
    if (!here.holds(1)) return xdp::drop;
    here.limit(*here.at);
    here.limit(40);
    u32 sum = 0, count = 0;
    BPFXX_ROLLED for (u32 i = 0; i < 64; i++) {
        if (here.left < static_cast<i32>(i + 1) || !here.holds(i + 1)) break;
        sum += here.at[i];
        count++;
    }
    observe(reason::none, count, sum, static_cast<u32>(here.left));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A cursor over a whole frame, asked by hand.
#include <bpfxx/core/cursor.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_PROGRAM("xdp", bounds, xdp::context *context) {
    auto const first = whole_packet(xdp::begin(*context), xdp::end(*context));
    auto const next = first.moved(14);
    u64 byte = 0xeee;
    if (next.holds(2)) byte = next.at[1];
    observe(reason::none, first.remaining(), first.holds(0), first.holds(14), first.holds(15), first.holds(1500),
            next.holds(1), byte, static_cast<u32>(next.left));
    return xdp::pass;
}

/// As many bytes as the packet's first byte says, but no more than there are.
BPFXX_PROGRAM("xdp", walk, xdp::context *context) {
    auto here = whole_packet(xdp::begin(*context), xdp::end(*context));
    if (!here.holds(1)) return xdp::drop;
    here.limit(*here.at);
    here.limit(40);
    auto const left =
        opaque(here.left); // or the compiler counts up to it alone, which kernels before 6.12 do not see end
    u32 sum = 0, count = 0;
    BPFXX_ROLLED for (u32 i = 0; i < 64; i++) {
        auto const *const at = opaque(here.at + i); // the one address that is compared and read
        if (left < static_cast<i32>(i + 1) || here.ends_before(at + 1)) break;
        sum += *at;
        count++;
    }
    observe(reason::none, count, sum, static_cast<u32>(here.left));
    return xdp::pass;
}
/// The same place, settled: it was reached by two ways that the verifier tells from each other.
BPFXX_PROGRAM("xdp", settled, xdp::context *context) {
    auto here = whole_packet(xdp::begin(*context), xdp::end(*context));
    if (!here.holds(2)) return xdp::drop;
    u32 const limit = here.at[1];
    here = here.moved(*here.at % 2 == 0 ? 2 : 6);
    here.limit(limit);
    auto const settled = here.settle();
    auto const again = here.settle();
    auto const own = here.apart();
    u64 byte = 0xeee;
    if (own.left > 0 && own.holds(1)) byte = *own.at;
    observe(reason::none, settled, again, static_cast<u32>(here.left), static_cast<u32>(own.left), byte,
            own.remaining() == here.remaining());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

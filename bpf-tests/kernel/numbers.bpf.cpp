// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Loops that end early, are left by return, and stand in each other.
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_XDP(count_up, test::told)(xdp::packet packet) {
    auto const all = packet.payload();
    u32 const from = BPFXX_TRY(all.read<be32>(0)).value();
    u32 const to = BPFXX_TRY(all.read<be32>(4)).value();
    u8 const leaves = BPFXX_TRY(all.read<u8>(8));
    u64 sum = 0, calls = 0, pairs = 0;
    for (auto const i : numbers{static_cast<i32>(from), static_cast<i32>(to)}) {
        if (leaves == 1 && i == 3) break;
        if (leaves == 2 && i == 3) return xdp::drop;
        sum += static_cast<u64>(i64{i});
        ++calls;
    }
    for (auto const i : numbers{0, 10})
        for (auto const j : numbers{0, i}) pairs += static_cast<u64>(i64{j});
    observe(reason::none, calls, sum, pairs);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

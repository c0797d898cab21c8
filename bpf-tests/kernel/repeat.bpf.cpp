// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Loops over a packet's bytes, longer than the verifier would follow.
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_XDP(add_up, test::told)(xdp::packet packet) {
    auto const all = packet.payload();
    u32 const wanted = BPFXX_TRY(all.read<be32>(0)).value();
    u64 sum = 0, last = 0;
    u32 const calls = repeat(wanted, [&](u32 i) BPFXX_LAMBDA {
        auto const byte = all.read<u8>(i);
        if (!byte) return iteration::stop;
        sum += byte.value_or(0);
        last = i;
        return iteration::go_on;
    });
    u32 const plain = repeat(7, [&](u32 i) BPFXX_LAMBDA { last += i; });
    observe(reason::none, calls, sum, last, plain);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Whether true means to go on or to stop, nobody could tell.
// EXPECT: a callback returns nothing, or iteration::go_on or iteration::stop
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    u64 sum = 0;
    u32 const queue = packet.queue();
#ifdef BPFXX_ACCEPT
    repeat(10, [&](u32 i) BPFXX_LAMBDA {
        sum += i;
        return i == queue ? iteration::stop : iteration::go_on;
    });
#else
    repeat(10, [&](u32 i) BPFXX_LAMBDA {
        sum += i;
        return i == queue;
    });
#endif
    return sum > 7 ? xdp::drop : xdp::pass;
}

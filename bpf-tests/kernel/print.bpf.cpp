// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Text, global variables.
#include <bpfxx/kernel/co_re.hpp>
#include <bpfxx/kernel/iter.hpp>
#include <bpfxx/kernel/print.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

struct totals {
    u64 runs, bytes;
};
BPFXX_GLOBAL(totals, total);     // .bss
BPFXX_GLOBAL(u32, countdown, 3); // .data
BPFXX_GLOBAL(u32, table, 5);     // .data

BPFXX_XDP(print)(xdp::packet packet) {
    u32 const size = packet.payload().size();
    u64 const wide = u64{1} << 40;
    auto const none = BPFXX_PRINT("no value, 100%%");
    auto const one = BPFXX_PRINT("%u bytes", size);
    auto const three = BPFXX_PRINT("%d %llx %05x", -1, wide, 255u);
    auto const many = BPFXX_PRINT("%d %d %d %d %llu", 1, 2, 3, 4, wide);
    test::observe(reason::none, static_cast<u64>(none), static_cast<u64>(one), static_cast<u64>(three),
                  static_cast<u64>(many));
    return xdp::pass;
}

BPFXX_XDP(counting)(xdp::packet packet) {
    ++total.runs;
    total.bytes += packet.payload().size();
    if (countdown > 0) --countdown;
    test::observe(reason::none, total.runs, total.bytes, countdown, table);
    return countdown > 0 ? xdp::pass : xdp::drop;
}

struct task_struct {
    int pid;
    task_struct *real_parent;
};
BPFXX_ITER(tasks, task, iter::output out, task_struct *task) {
    if (!task) return;
    auto *const parent = BPFXX_READ(task->real_parent);
    BPFXX_PRINT_TO(out, "%d of %d, %llu before\n", BPFXX_FIELD(task->pid), BPFXX_READ(parent->pid), out.number());
    u8 const end = '.';
    out.write(end);
}

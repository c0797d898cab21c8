// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Typed arguments at every sort of place in the kernel.
#include <bpfxx/kernel/co_re.hpp>
#include <bpfxx/kernel/iter.hpp>
#include <bpfxx/kernel/kprobe.hpp>
#include <bpfxx/kernel/perf_event.hpp>
#include <bpfxx/kernel/raw_tp.hpp>
#include <bpfxx/kernel/tracepoint.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

// What is read of the kernel's structs.
struct task_struct {
    int pid, tgid;
    char comm[16];
    task_struct *real_parent;
};

struct process {
    u32 id;
};
BPFXX_CONFIG(process, own);
BPFXX_INLINE auto is_own() -> bool { return helper::get_current_pid_tgid() >> 32 == own.id; }

BPFXX_TP_BTF(forked, sched_process_fork, task_struct *parent, task_struct *child) {
    if (BPFXX_FIELD(parent->tgid) != static_cast<int>(own.id)) return;
    test::observe(reason::none, BPFXX_FIELD(parent->pid), BPFXX_FIELD(child->pid),
                  BPFXX_FIELD(child->real_parent->pid));
}
BPFXX_RAW_TP(forked_raw, sched_process_fork, task_struct *parent, task_struct *child) {
    if (BPFXX_READ(parent->tgid) != static_cast<int>(own.id)) return;
    auto *const above = BPFXX_READ(child->real_parent);
    test::observe(reason::none, BPFXX_READ(parent->pid), BPFXX_READ(child->pid), BPFXX_READ(above->pid));
}
BPFXX_RAW_TP(forked_where, sched_process_fork, trace::context where, task_struct *parent, task_struct *child) {
    if (!where.raw() || BPFXX_READ(parent->tgid) != static_cast<int>(own.id)) return;
    auto *const above = BPFXX_READ(child->real_parent);
    test::observe(reason::none, BPFXX_READ(parent->pid), BPFXX_READ(child->pid), BPFXX_READ(above->pid));
}
BPFXX_TRACEPOINT(called, "syscalls/sys_enter_getpriority", trace::sys_enter const &call) {
    if (is_own()) test::observe(reason::none, call.number, call.arguments[0], call.arguments[1]);
}
BPFXX_TRACEPOINT(called_where, "syscalls/sys_enter_getpriority", trace::context where, trace::sys_enter const &call) {
    if (is_own() && where.raw() == &call)
        test::observe(reason::none, call.number, call.arguments[0], call.arguments[1]);
}
BPFXX_TRACEPOINT(returned, "syscalls/sys_exit_getpriority", trace::sys_exit const &call) {
    if (is_own()) test::observe(reason::none, call.number, call.result);
}

BPFXX_KPROBE(probed, do_unlinkat, int folder, void *path) {
    test::observe(reason::none, folder, reinterpret_cast<u64>(path) != 0);
}
BPFXX_KRETPROBE(probed_back, do_unlinkat, i64 result) { test::observe(reason::none, result); }
BPFXX_UPROBE_ANY(function, int a, u64 b, char const *text, u16 c) {
    char start[4] = {};
    helper::probe_read_user(start, sizeof start, text);
    test::observe(reason::none, a, b, start[0], start[1], c);
}
BPFXX_URETPROBE_ANY(function_end, u64 result) { test::observe(reason::none, result); }

BPFXX_PERF_EVENT(timer)(perf_event::sample sample) {
    test::observe(reason::none, sample.period(), sample.address());
    return perf_event::drop;
}

BPFXX_ITER(tasks, task, iter::output out, task_struct *task) {
    if (!task) {
        BPFXX_PRINT_TO(out, "end of %llu\n", out.number());
        return;
    }
    if (BPFXX_FIELD(task->pid) == static_cast<int>(own.id))
        BPFXX_PRINT_TO(out, "%d %d %s\n", BPFXX_FIELD(task->pid), BPFXX_FIELD(task->tgid),
                       *BPFXX_RELOCATED(task->comm));
}
BPFXX_ITER(raw_tasks, task, iter::output out, task_struct *task) {
    if (!task) return;
    u32 const id = static_cast<u32>(BPFXX_FIELD(task->pid));
    out.write(id);
}

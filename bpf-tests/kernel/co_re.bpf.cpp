// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Fields of the kernel's structs: through pointers that the verifier knows, and through any.
#include <bpfxx/kernel/co_re.hpp>
#include <bpfxx/kernel/trace.hpp>
#include <kernel/own_process.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
/// The same struct with other fields: what follows three underscores is no part of its name.
struct task_struct___turned {
    task_struct *group_leader;
    int tgid, pid;
};

BPFXX_TRACE_ENTRY("raw_tp/sched_process_fork", any_pointer, trace::detail::in_order, task_struct *task) {
#if defined(__bpf__)
    if (!task) task = reinterpret_cast<task_struct *>(helper::get_current_task());
#endif
    auto *const turned = reinterpret_cast<task_struct___turned *>(task);
    auto *const leader = BPFXX_READ(turned->group_leader);
    auto *const parent = BPFXX_READ(task->real_parent);
    task_struct *const nowhere = nullptr;
    test::observe(reason::none, BPFXX_READ(task->tgid), BPFXX_READ(parent->tgid), BPFXX_READ(turned->tgid),
                  BPFXX_READ(leader->pid), BPFXX_READ(nowhere->pid));
}
#if defined(__bpf__)
BPFXX_TRACE_ENTRY("raw_tp/sched_process_fork", known_pointer, trace::detail::in_order) {
    auto *const task = helper::get_current_task_btf();
    auto *const turned = reinterpret_cast<task_struct___turned *>(task);
    test::observe(reason::none, BPFXX_FIELD(task->tgid), BPFXX_FIELD(task->real_parent->tgid),
                  BPFXX_FIELD(turned->tgid), BPFXX_FIELD(turned->group_leader->pid));
}
#endif

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A tracepoint's own arguments: as pointers that may be followed, and as numbers.
#include <bpfxx/kernel/co_re.hpp>
#include <bpfxx/kernel/raw_tp.hpp>
#include <kernel/own_process.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_TP_BTF(forked, sched_process_fork, task_struct *parent, task_struct *child) {
    if (BPFXX_FIELD(parent->tgid) != static_cast<int>(test::own_process)) return;
    test::observe(reason::none, BPFXX_FIELD(parent->pid), BPFXX_FIELD(child->pid),
                  BPFXX_FIELD(child->real_parent->pid));
}
BPFXX_RAW_TP(forked_raw, sched_process_fork, task_struct *parent, task_struct *child) {
    if (BPFXX_READ(parent->tgid) != static_cast<int>(test::own_process)) return;
    auto *const above = BPFXX_READ(child->real_parent);
    test::observe(reason::none, BPFXX_READ(parent->pid), BPFXX_READ(child->pid), BPFXX_READ(above->pid));
}
BPFXX_RAW_TP(forked_where, sched_process_fork, trace::context where, task_struct *parent, task_struct *child) {
    if (!where.raw() || BPFXX_READ(parent->tgid) != static_cast<int>(test::own_process)) return;
    auto *const above = BPFXX_READ(child->real_parent);
    test::observe(reason::none, BPFXX_READ(parent->pid), BPFXX_READ(child->pid), BPFXX_READ(above->pid));
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Tasks, as text and as they lie in memory.
#include <bpfxx/kernel/co_re.hpp>
#include <bpfxx/kernel/iter.hpp>
#include <kernel/own_process.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_ITER(tasks, task, iter::output out, task_struct *task) {
    if (!task) {
        BPFXX_PRINT_TO(out, "end of %llu\n", out.number());
        return;
    }
    if (BPFXX_FIELD(task->pid) == static_cast<int>(test::own_process))
        BPFXX_PRINT_TO(out, "%d %d %s\n", BPFXX_FIELD(task->pid), BPFXX_FIELD(task->tgid),
                       *BPFXX_RELOCATED(task->comm));
}
BPFXX_ITER(raw_tasks, task, iter::output out, task_struct *task) {
    if (!task) return;
    u32 const id = static_cast<u32>(BPFXX_FIELD(task->pid));
    out.write(id);
}

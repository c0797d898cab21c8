// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts the calls of the test's process.
#include <bpfxx/kernel/map/task_storage.hpp>
#include <kernel/map/tracing.hpp>

using namespace bpfxx;

struct calls {
    u64 count;
};
using tasks_spec = spec::task_storage<calls>;
BPFXX_MAP(tasks, tasks_spec);

BPFXX_PROGRAM("tp_btf/sys_enter", count_calls, u64 *args) {
    if (!test::asked(args)) return 0;
    auto *const task = helper::get_current_task_btf();
    tasks.get(task, {100}).then([](calls &c) BPFXX_LAMBDA { ++c.count; });
    return 0;
}
BPFXX_LICENSE("GPL");

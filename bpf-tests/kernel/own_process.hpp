// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What programs at places in the kernel know of the test, which is one process of many.
#include <bpfxx/kernel/platform.hpp>

// What is read of the kernel's struct.
struct task_struct {
    int pid, tgid;
    char comm[16];
    task_struct *real_parent;
};

namespace bpfxx::test {
BPFXX_CONFIG(bpfxx::u32, own_process);
BPFXX_INLINE auto is_own() -> bool { return helper::get_current_pid_tgid() >> 32 == own_process; }
} // namespace bpfxx::test

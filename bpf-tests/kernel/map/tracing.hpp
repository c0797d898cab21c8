// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a test does to be seen by its own tracing program: it asks the kernel for a number that nobody asks for.
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx::test {
BPFXX_CONFIG(bpfxx::u32, traced_process);
inline constexpr long asked_call = 140; // getpriority() of x86-64
#if defined(__bpf__)
/// Whether the process of the test has just called, with the arguments of sys_enter: registers, number.
BPFXX_INLINE auto asked(bpfxx::u64 *args) -> bool {
    return helper::get_current_pid_tgid() >> 32 == traced_process && args[1] == asked_call;
}
#endif
} // namespace bpfxx::test

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A test that is seen by its own tracing program: tracing.hpp.
#include <kernel/map/tracing.hpp>
#include <support/each_object.hpp>
#include <sys/syscall.h>
#include <unistd.h>

namespace bpfxx::test {
inline auto trace_me(user::object const &object) -> void {
    configure(object, "traced_process", static_cast<u32>(getpid()));
}
/// Makes the call that the program looks for.
inline auto ask_kernel() -> void { syscall(asked_call, 0, 0); }
} // namespace bpfxx::test

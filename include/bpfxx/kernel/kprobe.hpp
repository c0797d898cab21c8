// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at any function of the kernel (kprobes, Linux 4.1) or of a process (uprobes). Arguments are read from the
/// machine's registers: x86-64, arm64, s390x.
#include <bpfxx/kernel/trace.hpp>

namespace bpfxx::trace {
// The machine is told by the headers that it alone has: the compiler makes BPF for all of them.
#if __has_include(<asm/ptrace-abi.h>)
/// x86-64: where in pt_regs the arguments are.
struct registers {
    static constexpr u32 most = 6, result = 10;
    BPFXX_INLINE static constexpr auto at(u32 i) -> u32 {
        constexpr u32 order[] = {14, 13, 12, 11, 9, 8};
        return order[i];
    }
};
#elif __has_include(<asm/sve_context.h>)
/// arm64
struct registers {
    static constexpr u32 most = 8, result = 0;
    BPFXX_INLINE static constexpr auto at(u32 i) -> u32 { return i; }
};
#elif __has_include(<asm/runtime_instr.h>)
/// s390x
struct registers {
    static constexpr u32 most = 5, result = 5;
    BPFXX_INLINE static constexpr auto at(u32 i) -> u32 { return 5 + i; }
};
#else
struct registers {
    static constexpr u32 most = 0, result = 0;
    BPFXX_INLINE static constexpr auto at(u32) -> u32 { return 0; }
};
#endif
struct result_register {
    static constexpr u32 most = registers::most > 0 ? 1 : 0;
    BPFXX_INLINE static constexpr auto at(u32) -> u32 { return registers::result; }
};
} // namespace bpfxx::trace

/// BPFXX_KPROBE(name, do_unlinkat, int folder, filename *path) { … }: pointers are read with BPFXX_READ().
#define BPFXX_KPROBE(name, function, ...)                                                                              \
    BPFXX_TRACE_ENTRY("kprobe/" #function, name, bpfxx::trace::registers __VA_OPT__(, ) __VA_ARGS__)
/// BPFXX_KRETPROBE(name, do_unlinkat, i64 result) { … }
#define BPFXX_KRETPROBE(name, function, ...)                                                                           \
    BPFXX_TRACE_ENTRY("kretprobe/" #function, name, bpfxx::trace::result_register __VA_OPT__(, ) __VA_ARGS__)
/// BPFXX_UPROBE(name, "/usr/bin/program:function", int argument) { … }: pointers are read with helper::probe_read_user().
/// Where the file is not known, the section is "uprobe": BPFXX_UPROBE_ANY(name, …), and user space says where.
#define BPFXX_UPROBE(name, function, ...)                                                                              \
    BPFXX_TRACE_ENTRY("uprobe/" function, name, bpfxx::trace::registers __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_URETPROBE(name, function, ...)                                                                           \
    BPFXX_TRACE_ENTRY("uretprobe/" function, name, bpfxx::trace::result_register __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_UPROBE_ANY(name, ...)                                                                                    \
    BPFXX_TRACE_ENTRY("uprobe", name, bpfxx::trace::registers __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_URETPROBE_ANY(name, ...)                                                                                 \
    BPFXX_TRACE_ENTRY("uretprobe", name, bpfxx::trace::result_register __VA_OPT__(, ) __VA_ARGS__)

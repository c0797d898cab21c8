// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at a tracepoint, with the arguments that the kernel's own code gives it.
#include <bpfxx/kernel/trace.hpp>

/// BPFXX_TP_BTF(name, sched_switch, bool preempted, task_struct *from, task_struct *to) { … }: pointers may be followed with
/// BPFXX_FIELD() (Linux 5.5, with BTF).
#define BPFXX_TP_BTF(name, tracepoint, ...)                                                                            \
    BPFXX_TRACE_ENTRY("tp_btf/" #tracepoint, name, bpfxx::trace::detail::in_order __VA_OPT__(, ) __VA_ARGS__)
/// The same before (Linux 4.17): a pointer is a number to the verifier, and is read with BPFXX_READ().
#define BPFXX_RAW_TP(name, tracepoint, ...)                                                                            \
    BPFXX_TRACE_ENTRY("raw_tp/" #tracepoint, name, bpfxx::trace::detail::in_order __VA_OPT__(, ) __VA_ARGS__)

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Fields of the kernel's own structs, wherever this kernel has them (Linux 5.4, with BTF): a program declares a struct of
/// the kernel's name with the fields that it needs, and the loader finds out where they lie. What follows three underscores
/// in the name (task_struct___old) is left out. Such structs stand outside of functions and have no base classes.
#include <bpfxx/kernel/platform.hpp>

/// The field behind a pointer that the verifier knows, such as an argument of fentry, tp_btf and iter programs: one load.
/// BPFXX_FIELD(task->pid)
#define BPFXX_FIELD(lvalue) (*BPFXX_RELOCATED(lvalue))

/// A copy of the field behind any pointer into the kernel; zeros where it leads nowhere. Each pointer on the way is read by
/// itself: auto *const parent = BPFXX_READ(task->real_parent); BPFXX_READ(parent->pid).
#define BPFXX_READ(lvalue)                                                                                             \
    __extension__({                                                                                                    \
        __typeof__(lvalue) bpfxx_copy;                                                                                 \
        bpfxx::helper::probe_read_kernel(&bpfxx_copy, sizeof bpfxx_copy, BPFXX_RELOCATED(lvalue));                     \
        bpfxx_copy;                                                                                                    \
    })

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Questions about the kernel's own types, which the loader answers. What they mean is in <bpfxx/kernel/co_re.hpp>.

#define BPFXX_RELOCATED(lvalue) (__builtin_preserve_access_index(&(lvalue)))
/// Whether this kernel's struct has the field: BPFXX_HAS_FIELD(task_struct, pid).
#define BPFXX_HAS_FIELD(type, field)                                                                                   \
    (__builtin_preserve_field_info(static_cast<type *>(nullptr)->field, 2) != 0) // BPF_FIELD_EXISTS
/// How many bytes the field has in this kernel.
#define BPFXX_FIELD_SIZE(type, field)                                                                                  \
    (__builtin_preserve_field_info(static_cast<type *>(nullptr)->field, 1)) // BPF_FIELD_BYTE_SIZE
/// Whether this kernel has the type, and how many bytes it has.
#define BPFXX_HAS_TYPE(type) (__builtin_preserve_type_info(*static_cast<type *>(nullptr), 0) != 0)
#define BPFXX_TYPE_SIZE(type) (__builtin_preserve_type_info(*static_cast<type *>(nullptr), 1))

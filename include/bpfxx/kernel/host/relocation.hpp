// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// On the host a program's structs are what they are.

#define BPFXX_RELOCATED(lvalue) (&(lvalue))
#define BPFXX_HAS_FIELD(type, field) (requires(type & t) { t.field; })
#define BPFXX_FIELD_SIZE(type, field) (sizeof(static_cast<type *>(nullptr)->field))
#define BPFXX_HAS_TYPE(type) (sizeof(type) != 0)
#define BPFXX_TYPE_SIZE(type) (sizeof(type))

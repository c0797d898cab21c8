// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The seam, and the only place under kernel/ that asks which side this is. Both files declare the same names:
///   xdp::context, begin(), end()             where a packet comes from
///   helper::map_lookup_elem(), …             what the kernel does for a program
///   BPFXX_SIDE, BPFXX_SECTION, BPFXX_PROGRAM, BPFXX_MAP, BPFXX_CONFIG, BPFXX_GLOBAL, BPFXX_TEXT, BPFXX_KFUNC,
///   BPFXX_WEAK_KFUNC, BPFXX_LICENSE; BPFXX_RELOCATED, BPFXX_HAS_FIELD, BPFXX_FIELD_SIZE, BPFXX_HAS_TYPE, BPFXX_TYPE_SIZE
/// Above it everything has one body.
#if defined(__bpf__)
#include <bpfxx/kernel/bpf/platform.hpp>
#else
#include <bpfxx/kernel/host/platform.hpp>
#endif

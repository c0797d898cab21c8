// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The seam, and the only place under kernel/ that asks which side this is. Both files declare the same names:
///   xdp::context, begin(), end()             where a packet comes from
///   helper::map_lookup_elem(), …             what the kernel does for a program
///   BPFXX_SECTION, BPFXX_PROGRAM, BPFXX_MAP, BPFXX_CONFIG, BPFXX_LICENSE
/// Above it everything has one body.
#if defined(__bpf__)
#include <bpfxx/kernel/bpf/platform.hpp>
#else
#include <bpfxx/kernel/host/platform.hpp>
#endif

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Memory of a CPU comes in small pieces.
// EXPECT: a value of a per-CPU map has 32768 bytes at most
#include <bpfxx/kernel/map/per_cpu_array.hpp>
using namespace bpfxx;

template <u32 Size> struct block { u8 raw[Size]; };

#ifdef BPFXX_ACCEPT
BPFXX_MAP(counts, spec::per_cpu_array<block<32768>, 8>);
#else
BPFXX_MAP(counts, spec::per_cpu_array<block<32769>, 8>);
#endif

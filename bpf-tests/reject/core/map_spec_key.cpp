// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A key fits on the stack of a program.
// EXPECT: a key has 512 bytes at most
#include <bpfxx/kernel/map/hash.hpp>
using namespace bpfxx;

template <u32 Size> struct name { u8 raw[Size]; };

#ifdef BPFXX_ACCEPT
BPFXX_MAP(counts, spec::hash<name<512>, u64, 8>);
#else
BPFXX_MAP(counts, spec::hash<name<513>, u64, 8>);
#endif

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No kernel makes a map without room.
// EXPECT: a map has room for one entry at least
#include <bpfxx/kernel/map/hash.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_MAP(counts, spec::hash<u32, u64, 1>);
#else
BPFXX_MAP(counts, spec::hash<u32, u64, 0>);
#endif

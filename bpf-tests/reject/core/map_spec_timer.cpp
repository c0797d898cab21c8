// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A timer is not one for each CPU.
// EXPECT: values with a timer are for hash, lru_hash and array
#include <bpfxx/kernel/map/per_cpu_hash.hpp>
using namespace bpfxx;

struct session {
    bpf_timer timer;
    u64 bytes;
};

#ifdef BPFXX_ACCEPT
BPFXX_MAP(counts, spec::per_cpu_hash<u32, u64, 8>);
#else
BPFXX_MAP(counts, spec::per_cpu_hash<u32, session, 8>);
#endif

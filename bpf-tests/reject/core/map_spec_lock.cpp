// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An entry that the kernel may take for another key has no lock.
// EXPECT: values with a lock are for hash, array and storages
#include <bpfxx/kernel/map/lru_hash.hpp>
using namespace bpfxx;

struct account {
    bpf_spin_lock lock;
    u64 bytes;
};

#ifdef BPFXX_ACCEPT
BPFXX_MAP(counts, spec::lru_hash<u32, u64, 8>);
#else
BPFXX_MAP(counts, spec::lru_hash<u32, account, 8>);
#endif

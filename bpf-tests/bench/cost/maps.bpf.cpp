// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A lookup or, with UPDATE, an update of a map of -DBPFXX_KIND by a number in the packet, as maps.bpf.c has it.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/lru_hash.hpp>
#include <bpfxx/kernel/map/lru_per_cpu_hash.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/map/per_cpu_hash.hpp>
#include <bpfxx/kernel/xdp.hpp>

#include "repeated.hpp"
using namespace bpfxx;

BPFXX_LICENSE("GPL");

struct front {
    u8 before[26];
    be32 key;
};
template <class Value, u32 Capacity> using hash = spec::hash<u32, Value, Capacity>;
template <class Value, u32 Capacity> using lru_hash = spec::lru_hash<u32, Value, Capacity>;
template <class Value, u32 Capacity> using per_cpu_hash = spec::per_cpu_hash<u32, Value, Capacity>;
template <class Value, u32 Capacity> using lru_per_cpu_hash = spec::lru_per_cpu_hash<u32, Value, Capacity>;
template <class Value, u32 Capacity> using array = spec::array<Value, Capacity>;
template <class Value, u32 Capacity> using per_cpu_array = spec::per_cpu_array<Value, Capacity>;
using known_spec = BPFXX_KIND<u64, 1024>;
BPFXX_MAP(known, known_spec);

BPFXX_XDP(maps)(xdp::packet packet) {
    auto [in] = BPFXX_TRY(packet.parse<front>());
    auto const key = in->key.wire();
#ifdef UPDATE
    return known.update(key, key) == 0 ? xdp::drop : xdp::pass;
#else
    return *BPFXX_TRY(known.lookup(key)) == 7 ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/table.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_LRU_PERCPU_HASH (Linux 4.10): never full, and a value for each CPU.
template <class Key, class Value, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::lru_per_cpu_hash, Key, Value, Capacity, O> *)
    -> map::table<BPF_MAP_TYPE_LRU_PERCPU_HASH, Key, Value, Capacity, O.code()>;
} // namespace bpfxx

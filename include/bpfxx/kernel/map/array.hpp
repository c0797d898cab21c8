// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/declare.hpp>
#include <bpfxx/kernel/map/entry.hpp>

namespace bpfxx::map {
/// BPF_MAP_TYPE_ARRAY (Linux 3.19). All entries exist from the start, zeroed.
template <class Value, u32 Capacity> struct array {
    int (*type)[BPF_MAP_TYPE_ARRAY];
    u32 *key;
    Value *value;
    int (*max_entries)[Capacity];

    /// The value in the map; none behind its end.
    BPFXX_INLINE auto lookup(u32 const &index) -> entry<Value> {
        return entry<Value>{helper::map_lookup_elem(this, &index)};
    }
    /// 0, or -E2BIG behind the end, -EEXIST with BPF_NOEXIST.
    BPFXX_INLINE auto update(u32 const &index, Value const &v, u64 flags = BPF_ANY) -> i64 {
        return helper::map_update_elem(this, &index, &v, flags);
    }
};
template <class Value, u32 Capacity>
auto declared(map_spec<map_kind::array, u32, Value, Capacity> *) -> array<Value, Capacity>;
} // namespace bpfxx::map

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The one body of all kinds whose entries are there from the start, zeroed, by index.
#include <bpfxx/kernel/callback.hpp>
#include <bpfxx/kernel/map/declare.hpp>
#include <bpfxx/kernel/map/entry.hpp>

namespace bpfxx::map {
BPFXX_MAP_FIELDS_BEGIN
template <u32 Kind, class Value, u32 Capacity, u64 Options> struct slots {
    int (*type)[Kind];
    u32 *key;
    Value *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// The value in the map; of a per-CPU map, this CPU's. None behind the end.
    BPFXX_INLINE auto lookup(u32 index) -> entry<seen<Value, Options>> {
        return entry<seen<Value, Options>>{helper::map_lookup_elem(this, &index)};
    }
    /// 0, or -E2BIG behind the end, -EEXIST with BPF_NOEXIST.
    BPFXX_INLINE auto update(u32 index, Value const &v, u64 flags = BPF_ANY) -> i64 {
        static_assert(is_writable(Options), "BPF_F_RDONLY_PROG: programs only read this map");
        return helper::map_update_elem(this, &index, handed<Value>{v}.at(), flags);
    }
    /// Calls use(index, value) for each index (Linux 5.13); it may stop by answering iteration::stop. How many it has seen.
    template <class Use> BPFXX_INLINE auto for_each(Use const &use) -> i64 {
        return helper::for_each_map_elem(this,
                                         &bpfxx::detail::callback<Use>::template of_entry<u32, seen<Value, Options>>,
                                         const_cast<Use *>(&use), 0);
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

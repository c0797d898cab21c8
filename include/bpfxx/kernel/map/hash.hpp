// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/declare.hpp>
#include <bpfxx/kernel/map/entry.hpp>

namespace bpfxx::map {
/// BPF_MAP_TYPE_HASH (Linux 3.19). The fields are what libbpf reads.
template <class Key, class Value, u32 Capacity> struct hash {
    int (*type)[BPF_MAP_TYPE_HASH];
    Key *key;
    Value *value;
    int (*max_entries)[Capacity];

    /// The value in the map, if there is one. It stays valid for the rest of the program.
    BPFXX_INLINE auto lookup(Key const &k) -> entry<Value> { return entry<Value>{helper::map_lookup_elem(this, &k)}; }
    BPFXX_INLINE auto contains(Key const &k) -> bool { return static_cast<bool>(lookup(k)); }
    /// 0, or a negative errno: -E2BIG when full; -EEXIST, -ENOENT as the flags BPF_NOEXIST, BPF_EXIST ask for.
    BPFXX_INLINE auto update(Key const &k, Value const &v, u64 flags = BPF_ANY) -> i64 {
        return helper::map_update_elem(this, &k, &v, flags);
    }
    /// 0, or -ENOENT.
    BPFXX_INLINE auto erase(Key const &k) -> i64 { return helper::map_delete_elem(this, &k); }
};
template <class Key, class Value, u32 Capacity>
auto declared(map_spec<map_kind::hash, Key, Value, Capacity> *) -> hash<Key, Value, Capacity>;
} // namespace bpfxx::map

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The one body of all kinds whose entries come and go by key. Its fields are what libbpf reads; a base class would
/// make BTF that it does not.
#include <bpfxx/kernel/callback.hpp>
#include <bpfxx/kernel/map/declare.hpp>
#include <bpfxx/kernel/map/entry.hpp>

namespace bpfxx::map {
BPFXX_MAP_FIELDS_BEGIN
template <u32 Kind, class Key, class Value, u32 Capacity, u64 Options> struct table {
    int (*type)[Kind];
    Key *key;
    Value *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// The value in the map, if there is one; of a per-CPU map, this CPU's. It stays valid for the rest of the program.
    BPFXX_INLINE auto lookup(Key const &k) -> entry<seen<Value, Options>> {
        return entry<seen<Value, Options>>{helper::map_lookup_elem(this, handed<Key>{k}.at())};
    }
    /// The same with a key that lies in a packet or in a map's value: the kernel reads it there. Saves the copy.
    BPFXX_INLINE auto lookup_in_place(Key const &k) -> entry<seen<Value, Options>> {
        return entry<seen<Value, Options>>{helper::map_lookup_elem(this, in_place(k))};
    }
    BPFXX_INLINE auto contains(Key const &k) -> bool { return static_cast<bool>(lookup(k)); }
    /// 0, or a negative errno: -E2BIG when full (an LPM trie: -ENOSPC), which an LRU map never is; -EEXIST, -ENOENT as
    /// the flags BPF_NOEXIST, BPF_EXIST ask for.
    BPFXX_INLINE auto update(Key const &k, Value const &v, u64 flags = BPF_ANY) -> i64 {
        static_assert(is_writable(Options), "BPF_F_RDONLY_PROG: programs only read this map");
        return helper::map_update_elem(this, handed<Key>{k}.at(), handed<Value>{v}.at(), flags);
    }
    /// 0, or -ENOENT.
    BPFXX_INLINE auto erase(Key const &k) -> i64 {
        static_assert(is_writable(Options), "BPF_F_RDONLY_PROG: programs only read this map");
        return helper::map_delete_elem(this, handed<Key>{k}.at());
    }
    /// Calls use(key, value) for each entry (Linux 5.13); it may stop by answering iteration::stop. How many it has seen.
    template <class Use> BPFXX_INLINE auto for_each(Use const &use) -> i64 {
        static_assert(Kind != BPF_MAP_TYPE_LPM_TRIE, "the kernel walks over no LPM trie: user space does");
        return helper::for_each_map_elem(this,
                                         &bpfxx::detail::callback<Use>::template of_entry<Key, seen<Value, Options>>,
                                         const_cast<Use *>(&use), 0);
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

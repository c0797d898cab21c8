// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The one body of maps whose values are maps. Programs only look them up; user space puts them in.
#include <bpfxx/kernel/map/declare.hpp>
#include <bpfxx/kernel/map/entry.hpp>

namespace bpfxx::map {
BPFXX_MAP_FIELDS_BEGIN
// What libbpf reads of an inner map; it must not say where that is pinned. Sizes only: clang would look up a type that
// is pointed to from here by its name, and take be<u16> for be<u32>.
template <u32 Kind, u32 Key, u32 Value, u32 Capacity, u32 Flags> struct inner_table {
    int (*type)[Kind];
    int (*key_size)[Key];
    int (*value_size)[Value];
    int (*max_entries)[Capacity];
    int (*map_flags)[Flags];
};
template <u32 Kind, u32 Capacity, u32 Flags> struct inner_buffer {
    int (*type)[Kind];
    int (*max_entries)[Capacity];
    int (*map_flags)[Flags];
};
template <map_kind Kind, class Key, class Value, u32 Capacity, map_options O>
auto inner(map_spec<Kind, Key, Value, Capacity, O> *)
    -> inner_table<static_cast<u32>(Kind), sizeof(Key), sizeof(Value), Capacity, O.all_flags()>;
template <map_kind Kind, u32 Bytes, map_options O>
auto inner(map_spec<Kind, void, void, Bytes, O> *) -> inner_buffer<static_cast<u32>(Kind), Bytes, O.all_flags()>;

template <u32 Kind, class Key, class Spec, u32 Capacity, u64 Options> struct of_maps {
    int (*type)[Kind];
    Key *key;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);
    decltype(inner(static_cast<Spec *>(nullptr))) *values[];
    static_assert(sizeof(*values[0]) > 0); // a type that is only pointed to would not be in BTF

    /// The inner map, if there is one: `tables.lookup(0).then([&](auto &table) BPFXX_LAMBDA { table.lookup(…) … })`.
    BPFXX_INLINE auto lookup(Key const &k) {
        using map_type = decltype(declared(static_cast<Spec *>(nullptr)));
        return entry<map_type>{helper::map_lookup_elem(this, handed<Key>{k}.at())};
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
/// BPF_MAP_TYPE_BLOOM_FILTER (Linux 5.16): a set that may say yes too often, never no. Nothing is ever taken out.
BPFXX_MAP_FIELDS_BEGIN
template <class Value, u32 Capacity, u64 Options> struct bloom_filter {
    int (*type)[BPF_MAP_TYPE_BLOOM_FILTER];
    Value *value;
    int (*max_entries)[Capacity]; // so many are expected; more only make it say yes more often
    BPFXX_MAP_OPTIONS(Options);

    BPFXX_INLINE auto add(Value const &v) -> void { helper::map_push_elem(this, handed<Value>{v}.at(), BPF_ANY); }
    /// No is certain; yes is probable.
    BPFXX_INLINE auto may_contain(Value const &v) -> bool {
        return helper::map_peek_elem(this, handed<Value>{v}.at()) == 0;
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <class Value, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::bloom_filter, void, Value, Capacity, O> *)
    -> map::bloom_filter<Value, Capacity, O.code()>;
} // namespace bpfxx

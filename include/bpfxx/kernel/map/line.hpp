// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The one body of queue and stack: values without keys, that go in and come out.
#include <bpfxx/core/result.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
BPFXX_MAP_FIELDS_BEGIN
template <u32 Kind, class Value, u32 Capacity, u64 Options> struct line {
    int (*type)[Kind];
    Value *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// 0, or -E2BIG when full; BPF_EXIST makes room by dropping the oldest.
    BPFXX_INLINE auto push(Value const &v, u64 flags = BPF_ANY) -> i64 {
        return helper::map_push_elem(this, handed<Value>{v}.at(), flags);
    }
    /// A copy of the next one, which is taken out; reason::not_found when empty.
    BPFXX_INLINE auto pop() -> result<Value> {
        from_helper<Value> copy;
        if (helper::map_pop_elem(this, copy.at()) != 0) return reason::not_found;
        return copy.value();
    }
    /// The same, and it stays.
    BPFXX_INLINE auto peek() -> result<Value> {
        from_helper<Value> copy;
        if (helper::map_peek_elem(this, copy.at()) != 0) return reason::not_found;
        return copy.value();
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

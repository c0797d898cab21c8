// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/result.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
/// BPF_MAP_TYPE_STACK_TRACE (Linux 4.6): who called whom, of tracing programs. A program keeps the number under which user
/// space finds the addresses. There are no such stacks on the host.
BPFXX_MAP_FIELDS_BEGIN
template <u32 Depth, u32 Capacity, u64 Options> struct stack_trace {
    int (*type)[BPF_MAP_TYPE_STACK_TRACE];
    u32 *key;
    spec::stack_addresses<Depth> *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);
    static_assert(sizeof(*value) == Depth * sizeof(u64)); // a type that is only pointed to would not be in BTF

    /// Keeps the stack on which the program was called; reason::not_found if it cannot be read, or another one lies where
    /// this one would. Flags: BPF_F_USER_STACK, BPF_F_REUSE_STACKID …, and how many frames to skip.
    /// The context is a trace::context or a perf_event::sample.
    template <class Context> BPFXX_INLINE auto keep(Context const &context, u64 flags = 0) -> result<u32> {
        static_assert(
            context_itself<Context> || requires { typename Context::traced; }, "only tracing programs keep stacks");
        auto const id = helper::get_stackid(context_of(context), this, flags);
        if (id < 0) return reason::not_found;
        return static_cast<u32>(id);
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Depth, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::stack_trace, u32, spec::stack_addresses<Depth>, Capacity, O> *)
    -> map::stack_trace<Depth, Capacity, O.code()>;
} // namespace bpfxx

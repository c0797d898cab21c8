// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/slots.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_PERCPU_ARRAY (Linux 4.6). lookup() gives this CPU's value, so it needs no atomics.
template <class Value, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::per_cpu_array, u32, Value, Capacity, O> *)
    -> map::slots<BPF_MAP_TYPE_PERCPU_ARRAY, Value, Capacity, O.code()>;
} // namespace bpfxx

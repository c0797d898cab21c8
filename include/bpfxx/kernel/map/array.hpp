// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/slots.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_ARRAY (Linux 3.19).
template <class Value, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::array, u32, Value, Capacity, O> *)
    -> map::slots<BPF_MAP_TYPE_ARRAY, Value, Capacity, O.code()>;
} // namespace bpfxx

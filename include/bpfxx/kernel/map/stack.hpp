// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/line.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_STACK (Linux 4.20): last in, first out.
template <class Value, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::stack, void, Value, Capacity, O> *)
    -> map::line<BPF_MAP_TYPE_STACK, Value, Capacity, O.code()>;
} // namespace bpfxx

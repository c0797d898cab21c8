// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/target.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_CPUMAP (Linux 4.15): CPUs to go on with a packet's way up the stack.
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::cpumap, u32, u32, Capacity, O> *)
    -> map::target<BPF_MAP_TYPE_CPUMAP, Capacity, O.code()>;
} // namespace bpfxx

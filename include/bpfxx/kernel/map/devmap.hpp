// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/target.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_DEVMAP (Linux 4.14): interfaces to send packets out of, by index.
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::devmap, u32, u32, Capacity, O> *)
    -> map::target<BPF_MAP_TYPE_DEVMAP, Capacity, O.code()>;
} // namespace bpfxx

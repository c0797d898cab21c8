// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/target.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_DEVMAP_HASH (Linux 5.4): interfaces to send packets out of, by any number, such as their own.
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::devmap_hash, u32, u32, Capacity, O> *)
    -> map::target<BPF_MAP_TYPE_DEVMAP_HASH, Capacity, O.code()>;
} // namespace bpfxx

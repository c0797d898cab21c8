// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/of_maps.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_HASH_OF_MAPS (Linux 4.12): maps of one spec, by key.
template <class Key, class Inner, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::hash_of_maps, Key, Inner, Capacity, O> *)
    -> map::of_maps<BPF_MAP_TYPE_HASH_OF_MAPS, Key, Inner, Capacity, O.code()>;
} // namespace bpfxx

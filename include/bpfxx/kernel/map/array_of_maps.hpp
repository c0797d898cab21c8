// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/of_maps.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_ARRAY_OF_MAPS (Linux 4.12): maps of one spec, by index; an index may have none.
template <class Inner, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::array_of_maps, u32, Inner, Capacity, O> *)
    -> map::of_maps<BPF_MAP_TYPE_ARRAY_OF_MAPS, u32, Inner, Capacity, O.code()>;
} // namespace bpfxx

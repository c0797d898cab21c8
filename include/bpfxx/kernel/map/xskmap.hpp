// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/target.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_XSKMAP (Linux 4.18): AF_XDP sockets, by the queue that they receive from.
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::xskmap, u32, u32, Capacity, O> *)
    -> map::target<BPF_MAP_TYPE_XSKMAP, Capacity, O.code()>;
} // namespace bpfxx

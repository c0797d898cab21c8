// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/sockets.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_SOCKMAP (Linux 4.14): sockets by index.
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::sockmap, u32, u64, Capacity, O> *)
    -> map::sockets<BPF_MAP_TYPE_SOCKMAP, u32, Capacity, O.code()>;
} // namespace bpfxx

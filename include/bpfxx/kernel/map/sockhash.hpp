// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/sockets.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_SOCKHASH (Linux 4.18): sockets by key, such as the cookie of a peer.
template <class Key, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::sockhash, Key, u64, Capacity, O> *)
    -> map::sockets<BPF_MAP_TYPE_SOCKHASH, Key, Capacity, O.code()>;
} // namespace bpfxx

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/owned.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_SK_STORAGE (Linux 5.2): a value for each socket, such as `packet.raw()->sk` of a TC or cgroup program.
template <class Value, map_options O>
auto declared(map_spec<map_kind::sk_storage, int, Value, 0, O> *)
    -> map::owned<BPF_MAP_TYPE_SK_STORAGE, void, Value, O.code()>;
} // namespace bpfxx

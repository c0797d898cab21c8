// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/owned.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_TASK_STORAGE (Linux 5.11): a value for each process, of tracing programs.
template <class Value, map_options O>
auto declared(map_spec<map_kind::task_storage, int, Value, 0, O> *)
    -> map::owned<BPF_MAP_TYPE_TASK_STORAGE, ::task_struct, Value, O.code()>;
} // namespace bpfxx

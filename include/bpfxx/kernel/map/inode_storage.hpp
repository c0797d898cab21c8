// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/owned.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_INODE_STORAGE (Linux 5.10): a value for each inode, of LSM programs.
template <class Value, map_options O>
auto declared(map_spec<map_kind::inode_storage, int, Value, 0, O> *)
    -> map::owned<BPF_MAP_TYPE_INODE_STORAGE, void, Value, O.code()>;
} // namespace bpfxx

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/table.hpp>

namespace bpfxx {
/// BPF_MAP_TYPE_LPM_TRIE (Linux 4.11): lookup() finds the longest prefix that the key starts with.
template <class Bytes, class Value, u32 Capacity, map_options O>
auto declared(map_spec<map_kind::lpm_trie, lpm_key<Bytes>, Value, Capacity, O> *)
    -> map::table<BPF_MAP_TYPE_LPM_TRIE, lpm_key<Bytes>, Value, Capacity, O.code()>;
} // namespace bpfxx

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/owned.hpp>

struct cgroup; // the kernel's

namespace bpfxx {
/// BPF_MAP_TYPE_CGRP_STORAGE (Linux 6.2): a value for each control group.
template <class Value, map_options O>
auto declared(map_spec<map_kind::cgrp_storage, int, Value, 0, O> *) -> map::owned<32, ::cgroup, Value, O.code()>;
} // namespace bpfxx

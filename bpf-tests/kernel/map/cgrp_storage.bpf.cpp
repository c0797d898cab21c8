// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Marks each control group that is made.
#include <bpfxx/kernel/map/cgrp_storage.hpp>
#include <kernel/map/tracing.hpp>

using namespace bpfxx;

struct mark {
    u64 maker;
};
using groups_spec = spec::cgrp_storage<mark>;
BPFXX_MAP(groups, groups_spec);

BPFXX_PROGRAM("tp_btf/cgroup_mkdir", mark_group, u64 *args) {
    auto *const group = reinterpret_cast<::cgroup *>(args[0]);
    groups.get(group, {0}).then([](mark &m) BPFXX_LAMBDA { m.maker = helper::get_current_pid_tgid() >> 32; });
    return 0;
}
BPFXX_LICENSE("GPL");

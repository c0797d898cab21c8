// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Which group the test is in: by its calls, and by its packets.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/cgroup_array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <kernel/map/tracing.hpp>

using namespace bpfxx;

using groups_spec = spec::cgroup_array<4>;
BPFXX_MAP(groups, groups_spec);
BPFXX_MAP(inside, spec::array<u64, 4>);

BPFXX_PROGRAM("raw_tp/sys_enter", calls, u64 *args) {
    if (!test::asked(args)) return 0;
    BPFXX_ROLLED for (u32 i = 0; i < 4; i++) inside.update(i, groups.holds_current(i));
    return 0;
}
BPFXX_TC(packets)(tc::packet packet) { return groups.holds(packet, 1) ? tc::shot : tc::ok; }
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Programs of a cgroup know their group: the kernel lets them ask for no other.
// EXPECT: only TC and LWT programs ask for the group of a packet
// BPF ONLY
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/cgroup_array.hpp>
#include <bpfxx/kernel/tc.hpp>
using namespace bpfxx;

BPFXX_MAP(groups, spec::cgroup_array<4>);

#ifdef BPFXX_ACCEPT
BPFXX_TC(reject)(tc::packet packet) { return groups.holds(packet, 1) ? tc::shot : tc::ok; }
#else
BPFXX_CGROUP_EGRESS(reject)(cgroup_skb::packet packet) {
    return groups.holds(packet, 1) ? cgroup_skb::drop : cgroup_skb::allow;
}
#endif

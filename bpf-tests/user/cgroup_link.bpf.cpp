// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Programs that count what processes of a cgroup send; one of them lets nothing through.
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_MAP(counts, spec::array<u64, 2>);
BPFXX_INLINE auto count(u32 what) -> void {
    counts.lookup(what).then([](u64 &n) BPFXX_LAMBDA { __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST); });
}
BPFXX_CGROUP_EGRESS(counted)(cgroup_skb::packet) {
    count(0);
    return cgroup_skb::allow;
}
BPFXX_CGROUP_EGRESS(refused)(cgroup_skb::packet) {
    count(1);
    return cgroup_skb::drop;
}
BPFXX_XDP(no_group)(xdp::packet) { return xdp::pass; }

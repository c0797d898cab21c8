// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Programs that count: calls of a function of the test, and overflows of a counter.
#include <bpfxx/kernel/kprobe.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/perf_event.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_MAP(counts, spec::array<u64, 2>);
BPFXX_INLINE auto count(u32 what) -> void {
    counts.lookup(what).then([](u64 &n) BPFXX_LAMBDA { __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST); });
}
BPFXX_UPROBE_ANY(called) { count(0); }
BPFXX_PERF_EVENT(ticked)(perf_event::sample) {
    count(1);
    return perf_event::drop;
}

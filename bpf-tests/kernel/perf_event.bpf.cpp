// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a sample of a counter says.
#include <bpfxx/kernel/perf_event.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_PERF_EVENT(timer)(perf_event::sample sample) {
    test::observe(reason::none, sample.period(), sample.address());
    return perf_event::drop;
}

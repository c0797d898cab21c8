// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// True is no verdict.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/perf_event.hpp>
using namespace bpfxx;

BPFXX_PERF_EVENT(reject)(perf_event::sample sample) {
#ifdef BPFXX_ACCEPT
    return sample.period() > 5 ? perf_event::keep : perf_event::drop;
#else
    return sample.period() > 5;
#endif
}

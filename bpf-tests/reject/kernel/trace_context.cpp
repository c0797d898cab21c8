// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Where the program was called comes before the arguments.
// EXPECT: a trace::context is the first parameter
// BPF ONLY
#include <bpfxx/kernel/map/stack_trace.hpp>
#include <bpfxx/kernel/raw_tp.hpp>
using namespace bpfxx;

BPFXX_MAP(stacks, spec::stack_trace<32, 64>);

#ifdef BPFXX_ACCEPT
BPFXX_RAW_TP(reject, sys_enter, trace::context where, void *) {
#else
BPFXX_RAW_TP(reject, sys_enter, void *, trace::context where) {
#endif
    if (stacks.keep(where)) return;
}

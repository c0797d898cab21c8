// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A packet has no stack.
// EXPECT: only tracing programs keep stacks
// BPF ONLY
#include <bpfxx/kernel/map/stack_trace.hpp>
#include <bpfxx/kernel/raw_tp.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_MAP(stacks, spec::stack_trace<32, 64>);

#ifdef BPFXX_ACCEPT
BPFXX_RAW_TP(reject, sys_enter, trace::context where) {
    if (stacks.keep(where)) return;
}
#else
BPFXX_XDP(reject)(xdp::packet packet) { return stacks.keep(packet) ? xdp::drop : xdp::pass; }
#endif

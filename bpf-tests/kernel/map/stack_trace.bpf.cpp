// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Who asks for his parent's number.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/stack_trace.hpp>
#include <bpfxx/kernel/raw_tp.hpp>
#include <kernel/map/tracing.hpp>

using namespace bpfxx;

BPFXX_MAP(stacks, spec::stack_trace<32, 64>);
BPFXX_MAP(last, spec::array<u64, 1>);

BPFXX_RAW_TP(asks, sys_enter, trace::context where) {
    if (!test::asked(static_cast<u64 *>(where.raw()))) return;
    stacks.keep(where).then([](u32 id) BPFXX_LAMBDA { last.update(0, id + 1); });
}
BPFXX_LICENSE("GPL");

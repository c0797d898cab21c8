// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Who asks for his parent's number.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/stack_trace.hpp>
#include <kernel/map/tracing.hpp>

using namespace bpfxx;

BPFXX_MAP(stacks, spec::stack_trace<32, 64>);
BPFXX_MAP(last, spec::array<u64, 1>);

BPFXX_PROGRAM("raw_tp/sys_enter", asks, u64 *args) {
    if (!test::asked(args)) return 0;
    stacks.keep(args).then([](u32 id) BPFXX_LAMBDA { last.update(0, id + 1); });
    return 0;
}
BPFXX_LICENSE("GPL");

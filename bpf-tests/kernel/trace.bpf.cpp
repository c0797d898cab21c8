// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Arguments of all sorts, from words that a test run hands in.
#include <bpfxx/kernel/trace.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

enum class sort : u8 { first, second = 200 };
BPFXX_TRACE_ENTRY("raw_tp/sched_process_fork", sorts, trace::detail::in_order, i8 a, u8 b, i16 c, u16 d, i32 e, u32 f,
                  i64 g, u64 h, bool i, sort j, char const *k, long l) {
    test::observe(reason::none, a, b, c, d, e, f, g, h, i, j, reinterpret_cast<u64>(k), l);
}
BPFXX_TRACE_ENTRY("raw_tp/sched_process_fork", no_arguments, trace::detail::in_order) {
    test::observe(reason::none, 1u);
}
BPFXX_TRACE_ENTRY("raw_tp/sched_process_fork", called_with, trace::detail::in_order, trace::context where, u32 a) {
    test::observe(reason::none, where.raw() != nullptr, a);
}
/// Words in another order, as registers have them.
struct backwards {
    static constexpr u32 most = 2;
    BPFXX_INLINE static constexpr auto at(u32 i) -> u32 { return 3 - i; }
};
BPFXX_TRACE_ENTRY("raw_tp/sched_process_fork", turned, backwards, u64 a, u64 b) { test::observe(reason::none, a, b); }

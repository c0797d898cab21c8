// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Records of tracepoints: two that the library has, and one of the program's own.
#include <bpfxx/kernel/tracepoint.hpp>
#include <kernel/own_process.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_TRACEPOINT(called, "syscalls/sys_enter_getpriority", trace::sys_enter const &call) {
    if (test::is_own()) test::observe(reason::none, call.number, call.arguments[0], call.arguments[1]);
}
BPFXX_TRACEPOINT(called_where, "syscalls/sys_enter_getpriority", trace::context where, trace::sys_enter const &call) {
    if (test::is_own() && where.raw() == &call)
        test::observe(reason::none, call.number, call.arguments[0], call.arguments[1]);
}
BPFXX_TRACEPOINT(returned, "syscalls/sys_exit_getpriority", trace::sys_exit const &call) {
    if (test::is_own()) test::observe(reason::none, call.number, call.result);
}

/// As events/raw_syscalls/sys_enter/format has it.
struct any_call {
    trace::event_header header;
    i64 number;
    u64 arguments[6];
};
BPFXX_TRACEPOINT(called_any, "raw_syscalls/sys_enter", any_call const &call) {
    if (test::is_own() && call.arguments[1] == 77777)
        test::observe(reason::none, call.number, call.arguments[0], call.arguments[1]);
}

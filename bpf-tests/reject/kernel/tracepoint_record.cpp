// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A record starts with what all records start with.
// EXPECT: a record starts with a trace::event_header
#include <bpfxx/kernel/tracepoint.hpp>
using namespace bpfxx;

struct record {
#ifdef BPFXX_ACCEPT
    trace::event_header header;
#endif
    u64 number;
};
BPFXX_TRACEPOINT(reject, "syscalls/sys_enter_getpriority", record const &r) { (void)r; }

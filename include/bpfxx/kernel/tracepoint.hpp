// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at a tracepoint that see its record, in the format that /sys/kernel/tracing/events/…/format states (Linux 4.7).
#include <bpfxx/kernel/trace.hpp>

namespace bpfxx::trace {
/// What every record starts with; programs cannot read it.
struct event_header {
    u16 type;
    u8 flags, preempt_count;
    i32 pid;
};
/// Of syscalls/sys_enter_…
struct sys_enter {
    event_header header;
    i32 number;
    i32 padding; // may be anything
    u64 arguments[6];
};
/// Of syscalls/sys_exit_…
struct sys_exit {
    event_header header;
    i32 number;
    i32 padding;
    i64 result;
};

namespace detail {
template <auto Body> struct call_with_record;
template <class Record, void (*Body)(Record const &)> struct call_with_record<Body> {
    static_assert(
        requires(Record r) { r.header.pid; }, "a record starts with a trace::event_header");
    BPFXX_INLINE static auto from(void *at) -> void { Body(*static_cast<Record const *>(at)); }
};
template <class Record, void (*Body)(context, Record const &)> struct call_with_record<Body> {
    static_assert(
        requires(Record r) { r.header.pid; }, "a record starts with a trace::event_header");
    BPFXX_INLINE static auto from(void *at) -> void { Body(context{at}, *static_cast<Record const *>(at)); }
};
} // namespace detail
} // namespace bpfxx::trace

/// BPFXX_TRACEPOINT(name, "syscalls/sys_enter_openat", trace::sys_enter const &call) { … }. A record of another tracepoint is
/// a struct of the program's own: a trace::event_header, then the fields as the format has them.
#define BPFXX_TRACEPOINT(name, event, ...)                                                                             \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a program's name: " #name);                  \
    static void name##_body(__VA_ARGS__);                                                                              \
    BPFXX_PROGRAM("tracepoint/" event, name, void *context) {                                                          \
        bpfxx::trace::detail::call_with_record<&name##_body>::from(context);                                           \
        return 0;                                                                                                      \
    }                                                                                                                  \
    [[gnu::always_inline]] static inline void name##_body(__VA_ARGS__)

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at performance counters and at functions of processes.
#include <bpf/libbpf.h>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/link.hpp>
#include <linux/perf_event.h>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

namespace bpfxx::user {
namespace detail {
inline auto linked(program const &p, bpf_link *made, std::string const &where, libbpf_log const &log) -> link {
    if (!made) throw error{text("cannot attach program '", p.name(), "' to ", where), errno, log.tail()};
    return link{made};
}
inline auto handle_of(program const &p, std::string const &where) -> bpf_program * {
    if (!p.handle())
        throw error{text("cannot attach program '", p.name(), "' to ", where),
                    EINVAL,
                    {},
                    "take the program from its object, not by a descriptor"};
    check(p.fd());
    return p.handle();
}
} // namespace detail

/// Of one process (0: this one; -1: all) on one CPU (-1: whichever it runs on).
struct perf_place {
    pid_t process = 0;
    int cpu = -1;
};
/// At each overflow of a counter that `what` describes, as for perf_event_open().
inline auto attach_perf_event(program const &p, perf_event_attr what, perf_place where = {}) -> link {
    auto *const handle = detail::handle_of(p, "a perf event");
    what.size = sizeof what;
    auto event = descriptor{
        static_cast<int>(syscall(SYS_perf_event_open, &what, where.process, where.cpu, -1, PERF_FLAG_FD_CLOEXEC))};
    if (!event) {
        auto const code = errno;
        throw error{detail::text("cannot attach program '", p.name(), "' to a perf event"),
                    code,
                    {},
                    code == ENOENT || code == EOPNOTSUPP ? "this machine has no such counter" : ""};
    }
    auto const log = libbpf_log{};
    auto *const made = bpf_program__attach_perf_event(handle, event.get());
    if (made) (void)event.release(); // the link closes it
    return detail::linked(p, made, "a perf event", log);
}

/// Where a uprobe goes: a function of a file, in all processes (-1) or in one.
struct function_place {
    std::string file, function;
    pid_t process = -1;
    bool at_return = false;
};
inline auto attach_uprobe(program const &p, function_place const &where) -> link {
    auto const place = where.file + ":" + where.function;
    auto *const handle = detail::handle_of(p, place);
    auto how = options<bpf_uprobe_opts>{};
    how.retprobe = where.at_return;
    how.func_name = where.function.c_str();
    auto const log = libbpf_log{};
    return detail::linked(p, bpf_program__attach_uprobe_opts(handle, where.process, where.file.c_str(), 0, &how), place,
                          log);
}
} // namespace bpfxx::user

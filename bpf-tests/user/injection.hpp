// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Calls into the kernel that fail on demand: what libbpf and the user side ask of it goes through the functions at the
/// end, which stand before those of the C library. To be included by one source file of a program.
#include <bpf/bpf.h>
#include <bpfxx/core/int.hpp>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace bpfxx::test {
/// Of the calls that this thread makes while it lives, the one of this number fails, counted from 1.
class injection {
    static inline thread_local injection *current = nullptr;
    int left_, code_;
    bool held_ = false; // while it asks the kernel itself
    std::string failed_;

  public:
    /// What was made in the kernel meanwhile, in all of them: kind of id and id.
    static inline std::set<std::pair<int, u32>> made;

    injection(int number, int code) : left_{number}, code_{code} { current = this; }
    injection(injection const &) = delete;
    auto operator=(injection const &) -> injection & = delete;
    ~injection() { current = nullptr; }

    /// The call that failed; empty if there were fewer.
    auto failed() const -> std::string const & { return failed_; }

    static auto fails(char const *what, long detail = -1) -> bool {
        auto *const the = current;
        if (!the || the->held_ || --the->left_ != 0) return false;
        the->failed_ = what;
        if (detail >= 0) the->failed_ += " " + std::to_string(detail);
        errno = the->code_;
        return true;
    }
    static auto note(int command, int fd) -> void {
        auto *const the = current;
        if (!the || the->held_ || fd < 0) return;
        the->held_ = true;
        auto const before = errno;
        union {
            bpf_prog_info program;
            bpf_map_info map;
            bpf_link_info link;
            bpf_btf_info types;
        } info;
        std::memset(&info, 0, sizeof info);
        auto const remember = [&](auto &of, int by) {
            if (u32 size = sizeof of; bpf_obj_get_info_by_fd(fd, &of, &size) == 0) made.emplace(by, of.id);
        };
        switch (command) {
        case BPF_PROG_LOAD: remember(info.program, BPF_PROG_GET_FD_BY_ID); break;
        case BPF_MAP_CREATE: remember(info.map, BPF_MAP_GET_FD_BY_ID); break;
        case BPF_LINK_CREATE:
        case BPF_RAW_TRACEPOINT_OPEN: remember(info.link, BPF_LINK_GET_FD_BY_ID); break;
        case BPF_BTF_LOAD: remember(info.types, BPF_BTF_GET_FD_BY_ID); break;
        default: break;
        }
        errno = before;
        the->held_ = false;
    }
    /// Forgets what is gone, and says what is left.
    static auto left_behind() -> std::string {
        std::string text;
        for (auto i = made.begin(); i != made.end();) {
            auto const [kind, id] = *i;
            auto const fd = kind == BPF_PROG_GET_FD_BY_ID   ? bpf_prog_get_fd_by_id(id)
                            : kind == BPF_MAP_GET_FD_BY_ID  ? bpf_map_get_fd_by_id(id)
                            : kind == BPF_LINK_GET_FD_BY_ID ? bpf_link_get_fd_by_id(id)
                                                            : bpf_btf_get_fd_by_id(id);
            if (fd < 0) {
                i = made.erase(i);
                continue;
            }
            close(fd);
            auto const *const name = kind == BPF_PROG_GET_FD_BY_ID   ? "program "
                                     : kind == BPF_MAP_GET_FD_BY_ID  ? "map "
                                     : kind == BPF_LINK_GET_FD_BY_ID ? "link "
                                                                     : "types ";
            text += name + std::to_string(id) + ", ";
            ++i;
        }
        return text;
    }
};

/// Whether a descriptor is what an iterator's program writes to.
inline auto is_iterator(int fd) -> bool {
    char target[32];
    auto const n = readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), target, sizeof target);
    return n > 0 && std::string_view{target, static_cast<std::size_t>(n)} == "anon_inode:bpf_iter";
}

/// The function of this name that would have been called.
template <class Function> auto next_of(char const *name) -> Function * {
    return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}
} // namespace bpfxx::test

extern "C" {
// It looks at six arguments, though fewer were given.
[[gnu::no_sanitize_address]] auto syscall(long number, ...) noexcept -> long {
    va_list arguments;
    va_start(arguments, number);
    long a[6];
    for (auto &one : a) one = va_arg(arguments, long);
    va_end(arguments);
    static auto *const next = bpfxx::test::next_of<long(long, ...)>("syscall");
    if (number == SYS_bpf) {
        if (bpfxx::test::injection::fails("bpf()", a[0])) return -1;
        auto const result = next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
        bpfxx::test::injection::note(static_cast<int>(a[0]), static_cast<int>(result));
        return result;
    }
    if (number == SYS_perf_event_open && bpfxx::test::injection::fails("perf_event_open()")) return -1;
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
auto epoll_create1(int flags) noexcept -> int {
    static auto *const next = bpfxx::test::next_of<int(int)>("epoll_create1");
    return bpfxx::test::injection::fails("epoll_create1()") ? -1 : next(flags);
}
auto epoll_ctl(int fd, int what, int other, epoll_event *event) noexcept -> int {
    static auto *const next = bpfxx::test::next_of<int(int, int, int, epoll_event *)>("epoll_ctl");
    return bpfxx::test::injection::fails("epoll_ctl()") ? -1 : next(fd, what, other, event);
}
auto epoll_wait(int fd, epoll_event *events, int most, int timeout) -> int {
    static auto *const next = bpfxx::test::next_of<int(int, epoll_event *, int, int)>("epoll_wait");
    return bpfxx::test::injection::fails("epoll_wait()") ? -1 : next(fd, events, most, timeout);
}
auto mmap(void *at, size_t size, int access, int flags, int fd, off_t offset) noexcept -> void * {
    static auto *const next = bpfxx::test::next_of<void *(void *, size_t, int, int, int, off_t)>("mmap");
    if (fd >= 0 && (flags & MAP_SHARED) != 0 && bpfxx::test::injection::fails("mmap()")) return MAP_FAILED;
    return next(at, size, access, flags, fd, offset);
}
auto mmap64(void *at, size_t size, int access, int flags, int fd, off64_t offset) noexcept -> void * {
    return mmap(at, size, access, flags, fd, offset);
}
auto socket(int family, int type, int protocol) noexcept -> int {
    static auto *const next = bpfxx::test::next_of<int(int, int, int)>("socket");
    return bpfxx::test::injection::fails("socket()") ? -1 : next(family, type, protocol);
}
auto bind(int fd, sockaddr const *to, socklen_t size) noexcept -> int {
    static auto *const next = bpfxx::test::next_of<int(int, sockaddr const *, socklen_t)>("bind");
    return bpfxx::test::injection::fails("bind()") ? -1 : next(fd, to, size);
}
auto send(int fd, void const *data, size_t size, int flags) -> ssize_t {
    static auto *const next = bpfxx::test::next_of<ssize_t(int, void const *, size_t, int)>("send");
    return bpfxx::test::injection::fails("send()") ? -1 : next(fd, data, size, flags);
}
auto setsockopt(int fd, int level, int name, void const *value, socklen_t size) noexcept -> int {
    static auto *const next = bpfxx::test::next_of<int(int, int, int, void const *, socklen_t)>("setsockopt");
    return bpfxx::test::injection::fails("setsockopt()") ? -1 : next(fd, level, name, value, size);
}
auto read(int fd, void *data, size_t size) -> ssize_t {
    static auto *const next = bpfxx::test::next_of<ssize_t(int, void *, size_t)>("read");
    return bpfxx::test::is_iterator(fd) && bpfxx::test::injection::fails("read()") ? -1 : next(fd, data, size);
}
auto signalfd(int fd, sigset_t const *which, int flags) noexcept -> int {
    static auto *const next = bpfxx::test::next_of<int(int, sigset_t const *, int)>("signalfd");
    return bpfxx::test::injection::fails("signalfd()") ? -1 : next(fd, which, flags);
}
auto fcntl(int fd, int command, ...) -> int {
    va_list arguments;
    va_start(arguments, command);
    auto const value = va_arg(arguments, long);
    va_end(arguments);
    static auto *const next = bpfxx::test::next_of<int(int, int, ...)>("fcntl");
    if (command == F_DUPFD_CLOEXEC && bpfxx::test::injection::fails("fcntl(F_DUPFD_CLOEXEC)")) return -1;
    return next(fd, command, value);
}
auto fcntl64(int fd, int command, ...) -> int {
    va_list arguments;
    va_start(arguments, command);
    auto const value = va_arg(arguments, long);
    va_end(arguments);
    return fcntl(fd, command, value);
}
}

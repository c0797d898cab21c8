// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A file descriptor that is closed once.
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace bpfxx::user {
class descriptor {
    int fd_ = -1;

  public:
    descriptor() = default;
    /// Owns `fd` from here on.
    explicit descriptor(int fd) noexcept : fd_{fd} {}
    descriptor(descriptor &&other) noexcept : fd_{other.release()} {}
    descriptor(descriptor const &) = delete;
    auto operator=(descriptor &&other) noexcept -> descriptor & {
        if (this != &other) reset(other.release());
        return *this;
    }
    auto operator=(descriptor const &) -> descriptor & = delete;
    ~descriptor() { reset(); }

    /// A second descriptor of what `fd` stands for; `fd` stays with its owner.
    static auto duplicate(int fd) -> descriptor {
        auto const copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (copy < 0) throw error{detail::text("cannot duplicate file descriptor ", fd), errno};
        return descriptor{copy};
    }

    auto get() const noexcept -> int { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    /// Hands the descriptor over: the caller closes it.
    [[nodiscard]] auto release() noexcept -> int { return std::exchange(fd_, -1); }
    auto reset(int fd = -1) noexcept -> void {
        if (fd_ >= 0 && fd_ != fd) close(fd_);
        fd_ = fd;
    }
};
} // namespace bpfxx::user

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the router waits for: descriptors, and points in time.
#include <array>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <chrono>
#include <optional>
#include <queue>
#include <sys/epoll.h>
#include <vector>

using clock_type = std::chrono::steady_clock;

class poller {
    using u32 = bpfxx::u32;
    using u64 = bpfxx::u64;
    struct appointment {
        clock_type::time_point when;
        u32 number;
        u64 serial;
        auto operator>(appointment const &other) const -> bool { return when > other.when; }
    };
    bpfxx::user::descriptor fd_{epoll_create1(EPOLL_CLOEXEC)};
    std::priority_queue<appointment, std::vector<appointment>, std::greater<>> appointments_;
    std::array<epoll_event, 512> events_{};

    auto control(int what, int fd, u32 events, u64 tag) const -> void {
        epoll_event e{events, {.u64 = tag}};
        if (epoll_ctl(fd_.get(), what, fd, &e) != 0) throw bpfxx::user::error{"cannot watch a descriptor", errno};
    }

  public:
    poller() {
        if (!fd_) throw bpfxx::user::error{"cannot make an epoll instance", errno};
    }
    auto watch(int fd, u32 events, u64 tag) const -> void { control(EPOLL_CTL_ADD, fd, events, tag); }
    auto rearm(int fd, u32 events, u64 tag) const -> void { control(EPOLL_CTL_MOD, fd, events, tag); }
    /// `serial` tells apart who had this number before.
    auto meet(clock_type::time_point when, u32 number, u64 serial) -> void {
        appointments_.push({when, number, serial});
    }

    /// Waits until then at most. How many events there are.
    auto wait(clock_type::time_point until) -> std::size_t {
        if (!appointments_.empty()) until = std::min(until, appointments_.top().when);
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - clock_type::now()).count();
        auto const n = epoll_wait(fd_.get(), events_.data(), static_cast<int>(events_.size()),
                                  static_cast<int>(std::max<decltype(left)>(0, left)));
        if (n < 0 && errno != EINTR) throw bpfxx::user::error{"cannot wait for events", errno};
        return n < 0 ? 0 : static_cast<std::size_t>(n);
    }
    auto event(std::size_t i) const -> epoll_event const & { return events_[i]; }
    /// Calls keep(number, serial) for whoever wanted to be looked at by now.
    template <class Keep> auto keep_appointments(Keep const &keep) -> void {
        auto const now = clock_type::now();
        while (!appointments_.empty() && appointments_.top().when <= now) {
            auto const next = appointments_.top();
            appointments_.pop();
            keep(next.number, next.serial);
        }
    }
};

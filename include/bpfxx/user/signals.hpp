// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Turns Ctrl-C and SIGTERM into something that an event loop waits for, so that destructors run.
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <initializer_list>
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace bpfxx::user {
/// Blocks the signals for this thread, and for those it starts, until it is destroyed:
///     while (!signals.stop_requested())
///         if (signals.wait(events.epoll_fd(), 500ms)) events.consume();
class signals {
    sigset_t blocked_{}, before_{};
    descriptor fd_;
    bool stopped_ = false;

    /// Takes the signals that came so far.
    auto drain() noexcept -> bool {
        auto any = false;
        for (signalfd_siginfo info{}; read(fd_.get(), &info, sizeof info) == sizeof info;) any = true;
        return any;
    }

  public:
    explicit signals(std::initializer_list<int> which = {SIGINT, SIGTERM}) {
        sigemptyset(&blocked_);
        for (auto const s : which) sigaddset(&blocked_, s);
        fd_.reset(signalfd(-1, &blocked_, SFD_CLOEXEC | SFD_NONBLOCK));
        if (!fd_) throw error{"cannot wait for signals (signalfd)", errno};
        if (auto const code = pthread_sigmask(SIG_BLOCK, &blocked_, &before_))
            throw error{"cannot block signals", code};
    }
    signals(signals const &) = delete;
    signals(signals &&) = delete;
    auto operator=(signals const &) -> signals & = delete;
    auto operator=(signals &&) -> signals & = delete;
    ~signals() {
        if (stopped_) drain(); // a second Ctrl-C asked for the same; one that nobody has seen keeps its effect
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

    /// True once a signal has come, and from then on.
    auto stop_requested() noexcept -> bool {
        if (drain()) stopped_ = true;
        return stopped_;
    }
    /// Readable when a signal has come. Only to be waited for: stop_requested() reads it.
    auto fd() const noexcept -> int { return fd_.get(); }

    /// Waits for `other` to be readable; false if the time is over or a signal came first.
    auto wait(int other, std::chrono::milliseconds timeout) -> bool {
        pollfd both[] = {{fd_.get(), POLLIN, 0}, {other, POLLIN, 0}};
        auto const ready = ::poll(both, 2, stopped_ ? 0 : static_cast<int>(timeout.count()));
        if (ready < 0 && errno != EINTR) throw error{"cannot wait for events", errno};
        return ready > 0 && both[1].revents != 0 && both[0].revents == 0;
    }
};
} // namespace bpfxx::user

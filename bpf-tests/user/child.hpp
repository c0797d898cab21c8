// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A second process, for what would change or end the first: giving up rights, dying by a signal.
#include <csignal>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace bpfxx::test {
/// Runs `body` in a child. What it returns, or the message of what it throws, comes back by read().
class child {
    pid_t id_ = -1;
    int from_ = -1;
    int status_ = -1;

  public:
    template <class Body> explicit child(Body const &body) {
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error{"no pipe"};
        id_ = fork();
        if (id_ < 0) throw std::runtime_error{"no child"};
        if (id_ == 0) {
            for (auto const s : {SIGINT, SIGTERM, SIGABRT, SIGSEGV}) std::signal(s, SIG_DFL); // Catch has handlers
            auto const say = [&](std::string const &text) {
                if (write(ends[1], text.data(), text.size()) < 0) _exit(2);
            };
            try {
                body(say);
            } catch (std::exception const &e) {
                say(e.what());
                _exit(1);
            } catch (...) {
                say("an assertion failed in the child");
                _exit(1);
            }
            _exit(0); // neither Catch nor the leak checker of the first process runs here
        }
        close(ends[1]);
        from_ = ends[0];
    }
    child(child const &) = delete;
    auto operator=(child const &) -> child & = delete;
    ~child() {
        if (id_ > 0) kill(id_, SIGKILL);
        wait();
        close(from_);
    }

    auto id() const -> pid_t { return id_; }
    /// What it said: the first words if `once`, else all until its end.
    auto read(bool once = false) const -> std::string {
        auto all = std::string{};
        char part[4096];
        for (ssize_t n; (n = ::read(from_, part, sizeof part)) > 0;) {
            all.append(part, static_cast<std::size_t>(n));
            if (once) break;
        }
        return all;
    }
    /// As waitpid() has it.
    auto wait() -> int {
        if (id_ > 0) waitpid(std::exchange(id_, -1), &status_, 0);
        return status_;
    }
};

/// A process that has inherited all descriptors, and does nothing, for as long as this lives.
inline auto heir() -> child {
    return child{[](auto const &say) {
        say("here");
        while (true) pause();
    }};
}

/// What `body(say)` says in a process without any rights.
template <class Body> auto said_by_nobody(Body const &body) -> std::string {
    return child{[&](auto const &say) {
               if (setgid(65534) != 0 || setuid(65534) != 0) throw std::runtime_error{"cannot become nobody"};
               body(say);
           }}
        .read();
}
} // namespace bpfxx::test

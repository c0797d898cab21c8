// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/signals.hpp>
#include <csignal>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>

using bpfxx::user::descriptor;
using bpfxx::user::signals;
using namespace std::chrono_literals;

static_assert(!std::is_copy_constructible_v<signals> && !std::is_move_constructible_v<signals>);

namespace {
auto is_blocked(int which) -> bool {
    sigset_t now;
    pthread_sigmask(SIG_BLOCK, nullptr, &now);
    return sigismember(&now, which) == 1;
}
struct channel {
    int ends[2];
    channel() { REQUIRE(pipe(ends) == 0); }
    ~channel() {
        close(ends[0]);
        close(ends[1]);
    }
};
} // namespace

TEST_CASE("a signal is a request to stop, not the end") {
    auto const which = GENERATE(SIGINT, SIGTERM);
    {
        auto s = signals{};
        CHECK(is_blocked(which));
        CHECK_FALSE(s.stop_requested());
        raise(which);
        CHECK(s.stop_requested());
        CHECK(s.stop_requested());
        raise(which); // nobody looks any more, and it has no effect
    }
    CHECK_FALSE(is_blocked(which));
}

TEST_CASE("waiting ends with data, with a signal, or with the time") {
    auto s = signals{};
    auto const c = channel{};
    auto const start = std::chrono::steady_clock::now();
    CHECK_FALSE(s.wait(c.ends[0], 20ms));
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
    REQUIRE(write(c.ends[1], "x", 1) == 1);
    CHECK(s.wait(c.ends[0], 10s));
    raise(SIGTERM);
    CHECK_FALSE(s.wait(c.ends[0], 10s));
    CHECK(s.stop_requested());
    CHECK(s.wait(c.ends[0], 10s)); // what is left can still be read
    char byte = 0;
    REQUIRE(read(c.ends[0], &byte, 1) == 1);
    auto const stopped = std::chrono::steady_clock::now();
    CHECK_FALSE(s.wait(c.ends[0], 60s)); // and nothing is waited for
    CHECK(std::chrono::steady_clock::now() - stopped < 30s);
}

TEST_CASE("other signals are left alone") {
    auto const s = signals{SIGUSR1};
    CHECK(is_blocked(SIGUSR1));
    CHECK_FALSE(is_blocked(SIGINT));
}

TEST_CASE("what was blocked before stays blocked") {
    auto const outer = signals{SIGUSR1};
    { auto const inner = signals{SIGUSR1, SIGUSR2}; }
    CHECK(is_blocked(SIGUSR1));
    CHECK_FALSE(is_blocked(SIGUSR2));
}

TEST_CASE("a signal that nobody has seen keeps its effect") {
    auto c = bpfxx::test::child{[](auto const & /*say*/) {
        auto const s = signals{};
        raise(SIGTERM);
    }};
    auto const status = c.wait();
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGTERM);
}

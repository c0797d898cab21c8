// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/perf_link.hpp>
#include <fcntl.h>
#include <sched.h>
#include <support/each_object.hpp>
#include <user/child.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using test::failure_of;
using test::has;

extern "C" [[gnu::noinline]] auto bpfxx_counted() -> void { asm volatile(""); }
extern "C" [[gnu::noinline]] auto bpfxx_left(bool for_good) -> void {
    if (for_good) _exit(0);
    asm volatile("");
}

namespace {
auto every_millisecond() -> perf_event_attr {
    auto what = perf_event_attr{};
    what.type = PERF_TYPE_SOFTWARE;
    what.config = PERF_COUNT_SW_CPU_CLOCK;
    what.sample_period = 1'000'000; // ns
    return what;
}
auto loaded() -> user::object {
    auto o = user::object::open(test::object_files().at(0));
    o.load();
    return o;
}
} // namespace

TEST_CASE("at a function of a process for as long as the link lives") {
    test::each_loaded([](user::object const &o) {
        auto const calls = [&] { return test::value_at<u64>(o, "counts", 0); };
        bpfxx_counted();
        CHECK(calls() == 0);
        {
            auto const link = user::attach_uprobe(o.program("called"), {"/proc/self/exe", "bpfxx_counted", getpid()});
            bpfxx_counted();
            bpfxx_counted();
            CHECK(calls() == 2);
        }
        bpfxx_counted();
        CHECK(calls() == 2);
    });
}

TEST_CASE("at the end of a function, and in one process only") {
    test::each_loaded([](user::object const &o) {
        auto const calls = [&] { return test::value_at<u64>(o, "counts", 0); };
        auto const other = [] { test::child{[](auto const & /*say*/) { bpfxx_counted(); }}.wait(); };
        {
            auto const link = user::attach_uprobe(o.program("called"), {"/proc/self/exe", "bpfxx_counted", getpid()});
            other();
            CHECK(calls() == 0);
        }
        auto const link = user::attach_uprobe(o.program("called"), {"/proc/self/exe", "bpfxx_counted"});
        other();
        CHECK(calls() == 1);
        auto const end = user::attach_uprobe(o.program("called"),
                                             {.file = "/proc/self/exe", .function = "bpfxx_left", .at_return = true});
        bpfxx_left(false);
        CHECK(calls() == 2);
        test::child{[](auto const & /*say*/) { bpfxx_left(true); }}.wait(); // it never returns
        CHECK(calls() == 2);
    });
}

TEST_CASE("at a counter for as long as the link lives") {
    test::each_loaded([](user::object const &o) {
        auto const ticks = [&] { return test::value_at<u64>(o, "counts", 1); };
        auto link = user::attach_perf_event(o.program("ticked"), every_millisecond());
        for (auto tries = 0; tries < 1000 && ticks() < 3; tries++)
            for (auto i = 0; i < 100'000; i++) asm volatile("");
        CHECK(ticks() >= 3);
        link.detach();
        auto const last = ticks();
        for (auto i = 0; i < 20'000'000; i++) asm volatile("");
        CHECK(ticks() == last);
    });
}

TEST_CASE("at a counter of another process") {
    test::each_loaded([](user::object const &o) {
        auto const busy = test::child{[](auto const & /*say*/) {
            for (;;) asm volatile("");
        }};
        auto const ticks = [&] { return test::value_at<u64>(o, "counts", 1); };
        auto const link = user::attach_perf_event(o.program("ticked"), every_millisecond(), {.process = busy.id()});
        for (auto tries = 0; tries < 1000 && ticks() == 0; tries++) usleep(10'000);
        CHECK(ticks() > 0);
    });
}

TEST_CASE("at a counter of one CPU, whatever runs there") {
    test::each_loaded([](user::object const &o) {
        auto const ticks = [&] { return test::value_at<u64>(o, "counts", 1); };
        auto const link =
            user::attach_perf_event(o.program("ticked"), every_millisecond(), {.process = -1, .cpu = sched_getcpu()});
        for (auto tries = 0; tries < 1000 && ticks() == 0; tries++)
            for (auto i = 0; i < 100'000; i++) asm volatile("");
        CHECK(ticks() > 0);
    });
}

TEST_CASE("a counter's descriptor is closed once, with its link") {
    test::each_loaded([](user::object const &o) {
        auto link = user::attach_perf_event(o.program("ticked"), every_millisecond());
        // What is opened now has the lowest numbers that are free.
        auto const one = user::descriptor{open("/dev/null", O_RDONLY | O_CLOEXEC)},
                   other = user::descriptor{open("/dev/null", O_RDONLY | O_CLOEXEC)};
        link.detach();
        CHECK(fcntl(one.get(), F_GETFD) >= 0);
        CHECK(fcntl(other.get(), F_GETFD) >= 0);
    });
}

TEST_CASE("what there is not is said") {
    if (test::cannot_load()) return;
    auto const o = loaded();
    auto const place = user::function_place{"/proc/self/exe", "bpfxx_no_such"};
    CHECK(has(failure_of([&] { user::attach_uprobe(o.program("called"), place); }).what(),
              "cannot attach program 'called' to /proc/self/exe:bpfxx_no_such"));
    auto what = every_millisecond();
    what.type = 0x7fff'ffff;
    auto const e = failure_of([&] { user::attach_perf_event(o.program("ticked"), what); });
    CHECK(has(e.what(), "cannot attach program 'ticked' to a perf event"));
    CHECK(has(e.what(), "this machine has no such counter"));
}

TEST_CASE("programs by their descriptor alone are refused") {
    if (test::cannot_load()) return;
    auto const raw = test::answer_always(XDP_PASS, "alone");
    auto const p = user::program{raw.get()};
    for (auto const &e : {failure_of([&] {
                              user::attach_uprobe(p, {"/proc/self/exe", "bpfxx_counted"});
                          }),
                          failure_of([&] { user::attach_perf_event(p, every_millisecond()); })})
        CHECK(has(e.what(), "take the program from its object"));
}

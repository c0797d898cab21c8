// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "skeleton.skel.h"
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/test_run.hpp>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>

using namespace bpfxx;
using test::failure_of;
using test::has;

struct exit_count {
    u64 exits;
};
using counts_spec = spec::array<exit_count, 1>;
using owned = user::skeleton<::skeleton>;
static_assert(!std::is_copy_constructible_v<owned> && std::is_nothrow_move_constructible_v<owned>);

TEST_CASE("settings made before load() are what the program sees") {
    if (test::cannot_load()) return;
    auto s = owned{};
    s->rodata->settings.verdict = XDP_TX;
    s.load();
    CHECK(s.warnings().empty());
    auto const packet = std::vector<std::byte>(60);
    CHECK(user::test_run(s.program("answer"), packet).verdict == XDP_TX);
    CHECK(user::test_run(user::program{s->progs.answer}, packet).verdict == XDP_TX);
}

namespace {
/// How often the program has run while a process has come to its end.
auto runs_at_end(owned const &s) -> u64 {
    auto const counts = s.map<counts_spec>("counts");
    auto const before = counts.lookup(0)->exits;
    test::child{[](auto const & /*say*/) {}}.wait();
    return counts.lookup(0)->exits - before;
}
} // namespace

TEST_CASE("what is attached fires, and does not after detach() or the end") {
    if (test::cannot_load()) return;
    auto s = owned{};
    s.load();
    auto const counts = s.map<counts_spec>("counts");
    auto const child_ends = [&] {
        auto const before = counts.lookup(0)->exits;
        test::child{[](auto const & /*say*/) {}}.wait();
        return counts.lookup(0)->exits - before;
    };
    CHECK(child_ends() == 0);
    s.attach();
    CHECK(child_ends() >= 1);
    s.detach();
    CHECK(child_ends() == 0);
    s.attach();
    auto moved = std::move(s);
    CHECK(child_ends() >= 1);
    { auto const last = std::move(moved); }
    CHECK(child_ends() == 0);
}

TEST_CASE("all programs are attached, or none") {
    if (test::cannot_load()) return;
    auto s = owned{};
    s.program("count_nothing").set_autoload(true);
    s.load();
    auto const fail = [&] {
        auto const e = failure_of([&] { s.attach(); });
        CHECK(e.code() == ENOENT);
        CHECK(has(e.what(), "cannot attach the programs of skeleton: No such file or directory"));
        CHECK(has(e.log(), "bpfxx_no_such_event"));
    };
    fail();
    CHECK(s->links.count_exit == nullptr);
    CHECK(runs_at_end(s) == 0);
    s->links.count_exit = bpf_program__attach(s->progs.count_exit);
    fail();
    CHECK(s->links.count_exit != nullptr); // it was there before
    CHECK(runs_at_end(s) >= 1);
}

TEST_CASE("what fails names the object and has the verifier's last lines") {
    if (test::cannot_load()) return;
    auto s = owned{};
    CHECK(has(failure_of([&] { s.map<counts_spec>("counts"); }).what(), "call load() first"));
    CHECK(has(failure_of([&] { s.program("nothing"); }).what(), "no program 'nothing' in skeleton"));
    CHECK(has(failure_of([&] { s.program("nothing"); }).what(), "answer, count_exit"));
    s->rodata->settings.careless = true;
    auto const e = failure_of([&] { s.load(); });
    CHECK(has(e.what(), "cannot load skeleton"));
    CHECK(has(e.log(), "; if (settings.careless) return begin[20]; // the verifier refuses this line"));
}

TEST_CASE("a map's size is set before load(), and all maps and programs can be listed") {
    if (test::cannot_load()) return;
    auto s = owned{};
    CHECK(s.programs().size() == 3);
    CHECK(s.programs()[0].name() == "answer");
    CHECK(s.maps().size() >= 2);
    CHECK(s.maps()[0].name() == "counts");
    s.map("counts").set_capacity(5);
    s.load();
    CHECK(s.map<counts_spec>("counts").capacity() == 5);
    CHECK(s.map<counts_spec>("counts").lookup(4)->exits == 0);
}

TEST_CASE("a map of another type is refused") {
    if (test::cannot_load()) return;
    auto s = owned{};
    s.load();
    CHECK(has(failure_of([&] { s.map<spec::array<u32, 1>>("counts"); }).what(), "a value of 8 bytes in the kernel"));
}

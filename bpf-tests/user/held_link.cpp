// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/netns_link.hpp>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

static_assert(!std::is_copy_constructible_v<held_link> && std::is_nothrow_move_constructible_v<held_link>);

namespace {
auto dissector() -> descriptor {
    return test::load_raw({test::insn::move(0, 0), test::insn::exit()}, "keys", BPF_PROG_TYPE_FLOW_DISSECTOR);
}
} // namespace

TEST_CASE("a held link moves, and holds what it was given last") {
    if (test::cannot_load()) return;
    auto const p = dissector();
    auto const first = test::network{};
    auto a = attach_netns(program{p.get()});
    CHECK(a.is_attached());
    CHECK(a.fd() >= 0);
    CHECK(a.where() == "network namespace /proc/thread-self/ns/net");
    auto const busy = failure_of([&] { attach_netns(program{p.get()}); });
    INFO(busy.what());
    CHECK(has(busy.what(), "cannot attach program 'keys' to network namespace"));
    CHECK(has(busy.what(), "another program is attached there"));
    {
        auto const second = test::network{};
        auto b = attach_netns(program{p.get()}, "/proc/self/ns/net");
        a = std::move(b);
        CHECK_FALSE(b.is_attached()); // NOLINT(bugprone-use-after-move)
        CHECK(a.where() == "network namespace /proc/self/ns/net");
        auto &same = a;
        a = std::move(same);
        CHECK(a.is_attached());
        CHECK(has(failure_of([&] { attach_netns(program{p.get()}); }).what(), "another program is attached there"));
        first.enter();
        auto const again = attach_netns(program{p.get()}); // the first place is free
        CHECK(again.is_attached());
    }
    CHECK(a.is_attached());
    a.detach();
    a.detach();
    CHECK_FALSE(a.is_attached());
}

TEST_CASE("detached at once, though another process has inherited the link") {
    if (test::cannot_load()) return;
    auto const p = dissector();
    auto const own = test::network{};
    auto link = attach_netns(program{p.get()});
    auto const heir = test::heir();
    REQUIRE(heir.read(true) == "here");
    link.detach();
    CHECK(attach_netns(program{p.get()}).is_attached()); // the place is free
    CHECK(attach_netns(program{p.get()}).is_attached()); // and is so again, with the end of what had it
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/link.hpp>
#include <bpfxx/user/object.hpp>
#include <csignal>
#include <fcntl.h>
#include <support/objects.hpp>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using test::failure_of;
using test::has;
using user::object;

static_assert(!std::is_copy_constructible_v<user::link> && std::is_nothrow_move_constructible_v<user::link>);

namespace {
auto loaded() -> object {
    auto o = object::open(test::object_files().at(0));
    o.load();
    return o;
}
/// Whether the program behind the link runs when a process ends.
auto fires(object const &o) -> bool {
    auto const exits = o.map<spec::array<u64, 1>>("exits");
    exits.clear();
    test::child{[](auto const & /*say*/) {}}.wait();
    return exits.lookup(0) > 0u;
}
} // namespace

TEST_CASE("a link holds as long as it lives") {
    if (test::cannot_load()) return;
    auto const o = loaded();
    CHECK_FALSE(fires(o));
    {
        auto made = user::attach(o.program("count_exit"));
        CHECK(made.is_attached());
        CHECK(fires(o));
        auto const moved = std::move(made);
        CHECK(fires(o));
        CHECK(moved.fd() >= 0);
        CHECK_FALSE(made.is_attached()); // NOLINT(bugprone-use-after-move)
        CHECK(made.fd() == -1);          // NOLINT(bugprone-use-after-move)
    }
    CHECK_FALSE(fires(o));
    auto again = user::attach(o.program("count_exit"));
    CHECK(fires(o));
    again.detach();
    CHECK_FALSE(fires(o));
}

TEST_CASE("a killed process leaves nothing attached") {
    if (test::cannot_load()) return;
    auto const o = loaded();
    auto holder = test::child{[&](auto const &say) {
        auto const held = user::attach(o.program("count_exit"));
        say("attached");
        pause();
    }};
    REQUIRE(holder.read(true) == "attached");
    CHECK(fires(o));
    kill(holder.id(), SIGKILL);
    holder.wait();
    CHECK_FALSE(fires(o));
}

TEST_CASE("what cannot be attached says why") {
    if (test::cannot_load()) return;
    auto const o = loaded();
    auto const xdp = failure_of([&] { user::attach(o.program("drop_packet")); });
    CHECK(has(xdp.what(), "cannot attach program 'drop_packet' of section 'xdp'"));
    CHECK(has(xdp.what(), "attach_xdp"));
    auto const raw = test::answer_always(XDP_PASS, "alone");
    CHECK(has(failure_of([&] { user::attach(user::program{raw.get()}); }).what(), "cannot attach program 'alone'"));
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/test_run.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <csignal>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>
#include <user/raw_program.hpp>

namespace inside = bpfxx::user::detail;
using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

static_assert(!std::is_copy_constructible_v<xdp_link> && std::is_move_constructible_v<xdp_link>);

namespace {
struct owned {
    descriptor fd;
    explicit owned(char const *name) : fd{test::answer_always(XDP_PASS, name)} {}
    operator program() const { return program{fd.get()}; }
    auto id() const -> u32 { return program{fd.get()}.info().id; }
};
auto id_on(interface const &where) -> u32 {
    auto const found = attached_xdp(where);
    return found ? found->id : 0;
}
auto by_netlink(program const &p, interface const &where, xdp_mode mode = xdp_mode::native) -> std::optional<xdp_link> {
    auto said = std::string{};
    return inside::attach_by_netlink(p, where, mode, said);
}
} // namespace

TEST_CASE("native where the driver can, else generic; and detached with the link") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    {
        auto const left = attach_xdp(mine, "left");
        CHECK(left.mode() == xdp_mode::native);
        CHECK(left.where().name() == "left");
        auto const loopback = attach_xdp(mine, interface{1u});
        CHECK(loopback.mode() == xdp_mode::generic);
        CHECK(id_on("left") == mine.id());
        CHECK(id_on("lo") == mine.id());
        auto const right = attach_xdp(mine, "right", {.mode = xdp_mode::generic});
        CHECK(right.mode() == xdp_mode::generic);
        CHECK(attached_xdp("right")->mode == xdp_mode::generic);
    }
    CHECK(id_on("left") == 0);
    CHECK(id_on("lo") == 0);
    CHECK(id_on("right") == 0);
}

TEST_CASE("a link moves, and detaches once") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto a = attach_xdp(mine, "left");
    auto b = std::move(a);
    a.detach(); // NOLINT(bugprone-use-after-move)
    CHECK(id_on("left") == mine.id());
    auto c = attach_xdp(mine, "right");
    c = std::move(b);
    CHECK(id_on("right") == 0);
    CHECK(id_on("left") == mine.id());
    c.detach();
    c.detach();
    CHECK(id_on("left") == 0);
}

TEST_CASE("detached at once, though another process has inherited the link") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto link = attach_xdp(mine, "left");
    auto const heir = test::heir();
    REQUIRE(heir.read(true) == "here");
    CHECK(id_on("left") == mine.id());
    link.detach();
    CHECK(id_on("left") == 0);
}

TEST_CASE("what cannot be attached says why") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    CHECK(has(failure_of([&] { attach_xdp(mine, "eht0"); }).what(), "no network interface 'eht0'"));
    auto const native = failure_of([&] { attach_xdp(mine, "lo", {.mode = xdp_mode::native}); });
    CHECK(native.code() == EOPNOTSUPP);
    CHECK(has(native.what(), "cannot attach program 'mine' to lo"));
    CHECK(has(native.what(), "use the generic mode"));
    auto const filter =
        test::load_raw({test::insn::move(0, 0), test::insn::exit()}, "filter", BPF_PROG_TYPE_SOCKET_FILTER);
    CHECK(has(failure_of([&] { attach_xdp(program{filter.get()}, "left"); }).what(),
              "cannot attach program 'filter' to left: it is no XDP program"));
    CHECK(has(failure_of([&] { attach_xdp(program{-1}, "left"); }).what(), "is not loaded"));
}

TEST_CASE("another's program is not displaced, and is named") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto const theirs = owned{"theirs"};
    auto const refused = [&](char const *how) {
        for (auto const mode : {xdp_mode::native_or_generic, xdp_mode::native, xdp_mode::generic}) {
            auto const e = failure_of([&] { attach_xdp(mine, "left", {.mode = mode}); });
            INFO(e.what());
            CHECK(has(e.what(), "cannot attach program 'mine' to left: XDP program 'theirs' (id " +
                                    std::to_string(theirs.id()) + ", " + how + ") is attached there"));
            CHECK(has(e.what(), "ask to replace it, or detach it: ip link set dev left xdp"));
            CHECK(id_on("left") == theirs.id());
        }
    };
    SECTION("attached by a native link") {
        auto const held = attach_xdp(theirs, "left");
        refused("native");
    }
    SECTION("attached by a generic link") {
        auto const held = attach_xdp(theirs, "left", {.mode = xdp_mode::generic});
        refused("generic");
    }
    SECTION("attached by netlink, native") {
        auto const held = by_netlink(theirs, "left");
        REQUIRE(held);
        refused("native");
    }
    SECTION("attached by netlink, generic") {
        auto const held = by_netlink(theirs, "left", xdp_mode::generic);
        REQUIRE(held);
        refused("generic");
    }
}

TEST_CASE("on request another's program is displaced, whoever attached it") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto const theirs = owned{"theirs"};
    for (auto const mode : {xdp_mode::native, xdp_mode::generic}) {
        for (auto const new_mode : {xdp_mode::native, xdp_mode::generic}) {
            {
                auto held = std::optional{attach_xdp(theirs, "left", {.mode = mode})};
                auto const taken = attach_xdp(mine, "left", {.mode = new_mode, .replace = true});
                CHECK(taken.mode() == new_mode);
                CHECK(id_on("left") == mine.id());
                held.reset(); // its own link works no more, and does not take ours with it
                CHECK(id_on("left") == mine.id());
            }
            CHECK(id_on("left") == 0);
            {
                auto held = by_netlink(theirs, "left", mode);
                REQUIRE(held);
                auto const taken = attach_xdp(mine, "left", {.mode = new_mode, .replace = true});
                CHECK(id_on("left") == mine.id());
                held.reset();
                CHECK(id_on("left") == mine.id());
            }
            CHECK(id_on("left") == 0);
        }
    }
    auto const free = attach_xdp(mine, "left", {.mode = {}, .replace = true}); // nothing to displace
    CHECK(id_on("left") == mine.id());
}

TEST_CASE("if the replacement fails, a program attached by netlink is put back") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto const theirs = owned{"theirs"};
    auto const held = by_netlink(theirs, "lo", xdp_mode::generic);
    REQUIRE(held);
    auto const e = failure_of([&] { attach_xdp(mine, "lo", {.mode = xdp_mode::native, .replace = true}); });
    CHECK(e.code() == EOPNOTSUPP);
    CHECK(id_on("lo") == theirs.id());
    CHECK_FALSE(has(e.what(), "theirs"));
}

TEST_CASE("if the replacement fails, a program that a link held is gone, and the error says so") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto const theirs = owned{"theirs"};
    auto const held = attach_xdp(theirs, "lo");
    auto const e = failure_of([&] { attach_xdp(mine, "lo", {.mode = xdp_mode::native, .replace = true}); });
    INFO(e.what());
    CHECK(e.code() == EOPNOTSUPP);
    CHECK(has(e.what(), "cannot attach program 'mine' to lo"));
    CHECK(has(e.what(), "and XDP program 'theirs' (id " + std::to_string(theirs.id()) + ", generic) is gone"));
    CHECK(has(e.what(), "whoever attached it has to do so again"));
    CHECK(id_on("lo") == 0);
}

TEST_CASE("an equal link in another network namespace is never touched") {
    if (test::cannot_load()) return;
    auto const mine = owned{"mine"};
    auto const theirs = owned{"theirs"};
    auto const far = test::network{};
    auto const far_link = attach_xdp(theirs, "lo");
    {
        auto const near = test::network{};
        {
            auto const near_link = attach_xdp(theirs, "lo");
            auto const e = failure_of([&] { attach_xdp(mine, "lo", {.mode = {}, .replace = true}); });
            INFO(e.what());
            CHECK(e.code() == EBUSY);
            CHECK(has(e.what(), "may hold it"));
            CHECK(id_on("lo") == theirs.id());
        }
        auto const near_netlink = by_netlink(theirs, "lo", xdp_mode::generic);
        REQUIRE(near_netlink);
        auto const taken = attach_xdp(mine, "lo", {.mode = {}, .replace = true});
        CHECK(id_on("lo") == mine.id());
        far.enter();
        CHECK(id_on("lo") == theirs.id());
        near.enter();
    }
}

TEST_CASE("without links, what netlink attached is detached with the object, unless it is another's by then") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto const theirs = owned{"theirs"};
    {
        auto held = by_netlink(mine, "left");
        REQUIRE(held);
        CHECK(held->mode() == xdp_mode::native);
        CHECK(id_on("left") == mine.id());
        CHECK_FALSE(by_netlink(theirs, "left"));
        CHECK(errno == EBUSY);
    }
    CHECK(id_on("left") == 0);
    auto held = by_netlink(mine, "left");
    REQUIRE(held);
    REQUIRE(bpf_xdp_attach(static_cast<int>(interface{"left"}.index()), theirs.fd.get(), XDP_FLAGS_DRV_MODE, nullptr) ==
            0);
    held->detach();
    CHECK(id_on("left") == theirs.id());

    // What another link is put in the place of is detached.
    auto link = by_netlink(mine, "right");
    REQUIRE(link);
    CHECK(id_on("right") == mine.id());
    auto other = by_netlink(mine, interface{1u}, xdp_mode::generic);
    REQUIRE(other);
    *link = std::move(*other);
    CHECK(id_on("right") == 0);
    CHECK(id_on("lo") == mine.id());
    link.reset();
    CHECK(id_on("lo") == 0);
}

TEST_CASE("a killed process leaves nothing attached") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto holder = test::child{[](auto const &say) {
        auto const mine = owned{"mine"};
        auto const held = attach_xdp(mine, "left");
        say("attached");
        pause();
    }};
    REQUIRE(holder.read(true) == "attached");
    CHECK(attached_xdp("left")->name == "mine");
    kill(holder.id(), SIGKILL);
    holder.wait();
    CHECK_FALSE(attached_xdp("left"));
}

TEST_CASE("without rights nothing is displaced, and the error says what is needed") {
    if (test::cannot_load() || geteuid() != 0) return;
    auto const own = test::network{};
    auto const mine = owned{"mine"};
    auto const theirs = owned{"theirs"};
    auto const held = attach_xdp(theirs, "left");
    auto const attach = [&](bool replace) {
        return test::said_by_nobody([&](auto const &say) {
            say(failure_of([&] { attach_xdp(mine, "left", {.mode = {}, .replace = replace}); }).what());
        });
    };
    if (!test::kernel_has(5, 19)) { // such a kernel refuses bpf() as a whole
        CHECK(has(attach(true), "Operation not permitted"));
        CHECK(id_on("left") == theirs.id());
        return;
    }
    CHECK(has(attach(false), "XDP program (id " + std::to_string(theirs.id()) + ", native) is attached there"));
    auto const said = attach(true);
    INFO(said);
    CHECK(has(said, "cannot detach XDP program (id " + std::to_string(theirs.id()) +
                        ", native) from left: Operation not permitted"));
    CHECK(has(said, "CAP_SYS_ADMIN"));
    CHECK(test::said_by_nobody([&](auto const &say) {
              if (!by_netlink(mine, "right")) say(inside::reason_of(errno));
          }) == "Operation not permitted");
    CHECK(id_on("left") == theirs.id());
    CHECK(id_on("right") == 0);
}

TEST_CASE("a program takes the place of another without a gap") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const one = owned{"one"}, other = owned{"other"};
    auto const replaced = [&](xdp_link link) {
        link.update(other);
        CHECK(id_on("left") == other.id());
        link.update(one);
        CHECK(id_on("left") == one.id());
        CHECK(has(failure_of([&] { link.update(program{-1}); }).what(), "is not loaded"));
        link.detach();
        CHECK(id_on("left") == 0);
        CHECK(failure_of([&] { link.update(one); }).code() == ENOLINK);
    };
    replaced(attach_xdp(one, "left"));
    for (auto const mode : {xdp_mode::native, xdp_mode::generic}) {
        auto by_name = by_netlink(one, "left", mode);
        REQUIRE(by_name);
        replaced(std::move(*by_name));
    }
}

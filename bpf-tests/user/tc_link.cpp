// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/tc_link.hpp>
#include <kernel/datagrams.hpp>
#include <support/objects.hpp>
#include <sys/socket.h>
#include <sys/time.h>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;

namespace {
auto passed(user::object const &o, u32 way) -> u64 {
    u64 n = 0;
    REQUIRE(bpf_map_lookup_elem(bpf_map__fd(o.map("passed").handle()), &way, &n) == 0);
    return n;
}

/// Datagrams over lo. What one() has sent has come when it returns, however late: so all programs on its way have seen it.
class datagrams {
    user::descriptor to_ = test::bound(5309), from_ = test::udp_socket();

  public:
    datagrams() {
        timeval const patience{20, 0};
        setsockopt(to_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    auto one() const -> void {
        char text = 0;
        REQUIRE(test::send_to(from_, 5309, "x") == 0);
        REQUIRE(recv(to_.get(), &text, 1, 0) == 1);
    }
};
} // namespace

TEST_CASE("a TC program sees packets for as long as its link lives") {
    if (test::cannot_load()) return;
    for (bool const filter : {false, true}) {
        INFO(filter);
        test::network const own;
        auto o = user::object::open(test::object_files().at(0));
        o.load();
        datagrams const traffic;
        traffic.one();
        CHECK(passed(o, 0) + passed(o, 1) == 0);
        {
            auto const in = user::attach_tc(o.program("comes"), "lo", {.filter = filter});
            auto out =
                user::attach_tc(o.program("goes"), "lo", {.direction = user::tc_direction::egress, .filter = filter});
            CHECK(in.is_attached());
            CHECK(in.is_kernel_link() == (!filter && test::kernel_has(6, 6)));
            traffic.one();
            auto const first = passed(o, 0);
            CHECK(first > 0);
            CHECK(passed(o, 1) == first);
            out.detach();
            CHECK_FALSE(out.is_attached());
            traffic.one();
            CHECK(passed(o, 0) > first);
            CHECK(passed(o, 1) == first);
        }
        auto const last = passed(o, 0);
        traffic.one();
        CHECK(passed(o, 0) == last);
        // The qdisc that was made is gone too.
        auto hook = user::tc_link::where(if_nametoindex("lo"), user::tc_direction::ingress);
        CHECK(bpf_tc_hook_create(&hook) == 0);
    }
}

TEST_CASE("detached at once, though another process has inherited the link") {
    if (test::cannot_load()) return;
    test::network const own;
    auto o = user::object::open(test::object_files().at(0));
    o.load();
    datagrams const traffic;
    auto link = user::attach_tc(o.program("comes"), "lo");
    auto const heir = test::heir();
    REQUIRE(heir.read(true) == "here");
    traffic.one();
    auto const before = passed(o, 0);
    CHECK(before > 0);
    link.detach();
    traffic.one();
    CHECK(passed(o, 0) == before);
}

TEST_CASE("a qdisc that was there stays, and one with filters in either direction") {
    if (test::cannot_load()) return;
    test::network const own;
    auto o = user::object::open(test::object_files().at(0));
    o.load();
    auto hook = user::tc_link::where(if_nametoindex("lo"), user::tc_direction::ingress);
    {
        auto first = user::attach_tc(o.program("comes"), "lo", {.filter = true}); // makes it
        auto const second =
            user::attach_tc(o.program("goes"), "lo", {.direction = user::tc_direction::egress, .filter = true});
        first.detach();
        datagrams{}.one();
        CHECK(passed(o, 1) > 0);
    }
    CHECK(bpf_tc_hook_create(&hook) != 0); // the second one did not make it: it is not taken away
    { auto const third = user::attach_tc(o.program("comes"), "lo", {.filter = true}); }
    CHECK(bpf_tc_hook_create(&hook) == -EEXIST);
}

TEST_CASE("a filter has the priority that was asked for") {
    if (test::cannot_load()) return;
    test::network const own;
    auto o = user::object::open(test::object_files().at(0));
    o.load();
    auto const link = user::attach_tc(o.program("comes"), "lo", {.priority = 7, .filter = true});
    auto hook = user::tc_link::where(if_nametoindex("lo"), user::tc_direction::ingress);
    auto what = user::options<bpf_tc_opts>{};
    what.handle = 1;
    what.priority = 7;
    CHECK(bpf_tc_query(&hook, &what) == 0);
    CHECK(what.prog_id == o.program("comes").info().id);
}

TEST_CASE("filters of others stay") {
    if (test::cannot_load()) return;
    test::network const own;
    auto o = user::object::open(test::object_files().at(0));
    o.load();
    auto first = user::attach_tc(o.program("comes"), "lo", {.priority = 7, .filter = true});
    auto second = user::attach_tc(o.program("comes"), "lo", {.filter = true});
    datagrams const traffic;
    first.detach();
    traffic.one();
    CHECK(passed(o, 0) > 0);
    auto const third = user::attach_tc(o.program("comes"), "lo", {.priority = 8, .filter = true});
    CHECK(third.is_attached());
}

TEST_CASE("a filter that somebody has put in the place of one stays") {
    if (test::cannot_load()) return;
    test::network const own;
    auto o = user::object::open(test::object_files().at(0));
    o.load();
    auto link = user::attach_tc(o.program("comes"), "lo", {.filter = true});
    // The qdisc is taken away with all that is there, and another one gets the same numbers.
    auto both = user::tc_link::where(if_nametoindex("lo"), user::tc_direction::ingress);
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): flags, of which libbpf wants both here
    both.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
    REQUIRE(bpf_tc_hook_destroy(&both) == 0);
    auto const theirs = user::attach_tc(o.program("goes"), "lo", {.filter = true});
    auto const e = test::failure_of([&] { link.update(o.program("comes")); });
    CHECK(e.code() == EEXIST);
    CHECK(test::has(e.what(), "another filter has taken the place"));
    link.detach();
    CHECK_FALSE(link.is_attached());
    datagrams{}.one();
    CHECK(passed(o, 0) == 0);
    CHECK(passed(o, 1) > 0);
}

TEST_CASE("only TC programs") {
    if (test::cannot_load()) return;
    auto const xdp = test::answer_always(XDP_PASS);
    CHECK(test::has(test::failure_of([&] { user::attach_tc(user::program{xdp.get()}, "lo"); }).what(),
                    "it is no TC program"));
}

TEST_CASE("a program takes the place of another without a gap") {
    if (test::cannot_load()) return;
    for (bool const filter : {false, true}) {
        INFO(filter);
        test::network const own;
        auto o = user::object::open(test::object_files().at(0));
        o.load();
        datagrams const traffic;
        auto at = user::attach_tc(o.program("comes"), "lo", {.filter = filter});
        traffic.one();
        auto const first = passed(o, 0);
        CHECK(first > 0);
        at.update(o.program("goes"));
        traffic.one();
        CHECK(passed(o, 0) == first);
        CHECK(passed(o, 1) > 0);
        CHECK(at.direction() == user::tc_direction::ingress);
        at = user::attach_tc(o.program("goes"), "left", {.filter = filter}); // and lo is free
        at.detach();
        auto const last = passed(o, 1);
        traffic.one();
        CHECK(passed(o, 1) == last);
        CHECK(test::failure_of([&] { at.update(o.program("comes")); }).code() == ENOLINK);
    }
}

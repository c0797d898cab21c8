// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/cgroup_link.hpp>
#include <kernel/datagrams.hpp>
#include <support/each_object.hpp>
#include <user/network.hpp>
#include <user/own_cgroup.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using test::failure_of;
using test::has;

TEST_CASE("programs at a cgroup are all asked, for as long as their links live") {
    test::each_loaded([](user::object const &o) {
        test::network const own;
        test::own_cgroup const group;
        auto const send = [&] {
            return group.said_inside(
                [](auto const &say) { say(std::strerror(test::send_to(test::udp_socket(), 9, "x"))); });
        };
        auto const count = [&](u32 what) { return test::value_at<u64>(o, "counts", what); };
        CHECK(send() == "Success");
        CHECK(count(0) == 0);
        auto const first = user::attach_cgroup(o.program("counted"), group.path());
        CHECK(first.where() == "cgroup " + group.path());
        CHECK(send() == "Success");
        CHECK(count(0) == 1);
        {
            auto const second = user::attach_cgroup(o.program("refused"), group.path());
            CHECK(send() == "Operation not permitted");
            CHECK(count(0) == 2);
            CHECK(count(1) == 1);
        }
        CHECK(send() == "Success");
        CHECK(count(0) == 3);
        CHECK(count(1) == 1);
        CHECK(test::send_to(test::udp_socket(), 9, "x") == 0); // from outside of it
        CHECK(count(0) == 3);
    });
}

TEST_CASE("what is no cgroup, and what is no program for one") {
    if (test::cannot_load()) return;
    auto o = user::object::open(test::object_files().at(0));
    o.load();
    auto const p = o.program("counted");
    auto const nowhere = failure_of([&] { user::attach_cgroup(p, "/nowhere"); });
    CHECK(nowhere.code() == ENOENT);
    CHECK(has(nowhere.what(), "cannot open cgroup /nowhere"));
    CHECK(has(failure_of([&] { user::attach_cgroup(p, "/tmp"); }).what(), "it is no cgroup of version 2"));
    test::own_cgroup const group;
    CHECK(has(failure_of([&] { user::attach_cgroup(o.program("no_group"), group.path()); }).what(),
              "cannot attach program 'no_group' to cgroup " + group.path()));
    auto const raw = test::answer_always(XDP_PASS);
    CHECK(has(failure_of([&] { user::attach_cgroup(user::program{raw.get()}, group.path()); }).what(),
              "only its object knows for which hook it is"));
}

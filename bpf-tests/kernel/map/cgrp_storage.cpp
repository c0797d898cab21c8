// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/link.hpp>
#include <kernel/map/control_group.hpp>
#include <support/each_object.hpp>

using namespace bpfxx;

struct mark {
    u64 maker;
};
using groups_spec = spec::cgrp_storage<mark>;

TEST_CASE("a value for each control group, by the descriptor of its folder") {
    if (test::control_groups().empty() || !test::kernel_has(6, 2)) return;
    test::each_object([](user::object &object) {
        object.load();
        auto const groups = object.map<groups_spec>("groups");
        test::control_group const before{"before"};
        auto const link = user::attach(object.program("mark_group"));
        test::control_group const marked{"marked"};
        CHECK_FALSE(groups.lookup(before.fd()));
        REQUIRE(groups.lookup(marked.fd()));
        CHECK(groups.lookup(marked.fd())->maker == static_cast<u64>(getpid()));
        CHECK(groups.update(before.fd(), {5}));
        CHECK(groups.lookup(before.fd())->maker == 5);
        CHECK(groups.erase(marked.fd()));
        CHECK_FALSE(groups.lookup(marked.fd()));
    });
}

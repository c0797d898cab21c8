// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/link.hpp>
#include <kernel/map/asker.hpp>
#include <kernel/map/control_group.hpp>

using namespace bpfxx;
using groups_spec = spec::cgroup_array<4>;

TEST_CASE("a program knows the groups that it was given") {
    if (test::control_groups().empty()) return;
    test::each_object([](user::object &object) {
        test::trace_me(object);
        object.load();
        auto const groups = object.map<groups_spec>("groups");
        auto const inside = object.map<spec::array<u64, 4>>("inside");
        test::control_group const mine{"mine"}, other{"other"};
        groups.update(1, mine);
        groups.update(2, other);
        auto const link = user::attach(object.program("calls"));
        auto const found = [&] {
            test::ask_kernel();
            return std::array{inside.lookup(0).value(), inside.lookup(1).value(), inside.lookup(2).value()};
        };
        CHECK(found() == std::array<u64, 3>{0, 0, 0});
        mine.enter();
        CHECK(found() == std::array<u64, 3>{0, 1, 0});
        CHECK(groups.erase(1));
        CHECK(found() == std::array<u64, 3>{0, 0, 0});
        CHECK_FALSE(groups.erase(1));
        mine.leave();
    });
}

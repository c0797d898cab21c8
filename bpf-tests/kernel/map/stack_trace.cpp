// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/link.hpp>
#include <kernel/map/asker.hpp>

using namespace bpfxx;
using stacks_spec = spec::stack_trace<32, 64>;

TEST_CASE("a program keeps where it was called, and user space reads it") {
    test::each_object([](user::object &object) {
        test::trace_me(object);
        object.load();
        auto const stacks = object.map<stacks_spec>("stacks");
        auto const last = object.map<spec::array<u64, 1>>("last");
        CHECK(stacks.capacity() == 64);
        auto const link = user::attach(object.program("asks"));
        test::ask_kernel();
        auto const id = last.lookup(0).value();
        REQUIRE(id > 0);
        auto const stack = stacks.lookup(static_cast<u32>(id - 1));
        REQUIRE(stack);
        CHECK(stack->ip[0] >> 63 == 1); // the kernel's own addresses
        CHECK(stack->ip[31] == 0);
        CHECK(stacks.erase(static_cast<u32>(id - 1)));
        CHECK_FALSE(stacks.lookup(static_cast<u32>(id - 1)));
    });
}

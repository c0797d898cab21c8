// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/link.hpp>
#include <kernel/map/asker.hpp>

using namespace bpfxx;

struct calls {
    u64 count;
};
using tasks_spec = spec::task_storage<calls>;

TEST_CASE("a value for each process, by its descriptor") {
    test::each_object([](user::object &object) {
        test::trace_me(object);
        object.load();
        auto const tasks = object.map<tasks_spec>("tasks");
        auto const me = user::descriptor{static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0))};
        REQUIRE(me);
        auto const link = user::attach(object.program("count_calls"));
        CHECK_FALSE(tasks.lookup(me.get()));
        test::ask_kernel();
        CHECK(tasks.lookup(me.get())->count == 101);
        test::ask_kernel();
        CHECK(tasks.lookup(me.get())->count == 102);
        CHECK(tasks.update(me.get(), {7}));
        test::ask_kernel();
        CHECK(tasks.lookup(me.get())->count == 8);
        CHECK(tasks.erase(me.get()));
        CHECK_FALSE(tasks.erase(me.get()));
    });
}

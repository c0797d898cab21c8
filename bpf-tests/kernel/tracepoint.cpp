// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/link.hpp>
#include <kernel/traced.hpp>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>

using namespace bpfxx;

TEST_CASE("tracepoints with their records") {
    if (test::cannot_load()) return;
    REQUIRE(unshare(CLONE_NEWNS) == 0);
    REQUIRE(mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    if (access("/sys/kernel/tracing/events", F_OK) != 0)
        REQUIRE(mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, nullptr) == 0);
    for (auto const *const name : {"called", "called_where", "called_any"})
        test::each_traced(name, [&](user::object const &o) {
            auto const link = user::attach(o.program(name));
            getpriority(PRIO_PROCESS, 77777);
            auto const left = test::left_by(o);
            CHECK(left.number[0] == SYS_getpriority);
            CHECK(left.number[1] == PRIO_PROCESS);
            CHECK(left.number[2] == 77777);
        });
    test::each_traced("returned", [](user::object const &o) {
        auto const link = user::attach(o.program("returned"));
        auto const is = getpriority(PRIO_PROCESS, 0);
        CHECK(test::left_by(o).number[0] == SYS_getpriority);
        CHECK(test::left_by(o).number[1] == 20 - static_cast<u64>(is));
    });
}

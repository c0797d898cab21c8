// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "co_re.bpf.cpp"
#include <bpfxx/user/test_run.hpp>
#include <kernel/traced.hpp>

namespace {
auto run(user::object const &o, char const *name) -> test::observation {
    u64 const no_task = 0;
    auto how = user::options<bpf_test_run_opts>{};
    how.ctx_in = &no_task;
    how.ctx_size_in = sizeof no_task;
    REQUIRE(bpf_prog_test_run_opts(o.program(name).fd(), &how) == 0);
    auto const left = test::left_by(o);
    CHECK(left.number[0] == static_cast<u64>(getpid()));
    CHECK(left.number[1] == static_cast<u64>(getppid()));
    CHECK(left.number[2] == static_cast<u64>(getpid()));
    CHECK(left.number[3] == static_cast<u64>(getpid()));
    return left;
}
} // namespace

TEST_CASE("fields through any pointer, and zeros where it leads nowhere") {
    test::each_traced("any_pointer", [](user::object const &o) { CHECK(run(o, "any_pointer").number[4] == 0); });
}

TEST_CASE("fields through pointers that the verifier knows") {
    if (!test::kernel_has(5, 11)) {
        WARN("SKIPPED: Linux 5.11 has bpf_get_current_task_btf()");
        return;
    }
    test::each_traced("known_pointer", [](user::object const &o) { run(o, "known_pointer"); });
}

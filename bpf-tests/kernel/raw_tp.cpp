// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/link.hpp>
#include <kernel/traced.hpp>
#include <sys/wait.h>

using namespace bpfxx;

TEST_CASE("tracepoints with the kernel's own arguments") {
    for (auto const *const name : {"forked", "forked_raw", "forked_where"})
        test::each_traced(name, [&](user::object const &o) {
            auto const link = user::attach(o.program(name));
            auto const child = fork();
            if (child == 0) _exit(0);
            int status;
            waitpid(child, &status, 0);
            auto const left = test::left_by(o);
            CHECK(left.number[0] == static_cast<u64>(getpid()));
            CHECK(left.number[1] == static_cast<u64>(child));
            CHECK(left.number[2] == static_cast<u64>(getpid()));
        });
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <sched.h>
#include <support/catch.hpp>

namespace bpfxx::test {
/// Programs run on the CPU that asks for it: here always the same.
struct one_cpu {
    cpu_set_t before{};
    one_cpu() {
        sched_getaffinity(0, sizeof before, &before);
        cpu_set_t one;
        CPU_ZERO(&one);
        for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
            if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
        REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
    }
    one_cpu(one_cpu const &) = delete;
    auto operator=(one_cpu const &) -> one_cpu & = delete;
    ~one_cpu() { sched_setaffinity(0, sizeof before, &before); }
};
} // namespace bpfxx::test

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "per_cpu_hash.bpf.cpp"
#include <kernel/map/table_ask.hpp>

using namespace test;

TEST_CASE("entries come, change and go") {
    one_cpu const here;
    both run{serve};
    check_entries(run);
}

TEST_CASE("a full map takes no more") {
    one_cpu const here;
    both run{serve};
    for (u32 i = 0; i < 64; i++) CHECK(error(run.step(ask(update, i, i))) == 0);
    CHECK(error(run.step(ask(update, 64, 1))) == -E2BIG);
    CHECK(error(run.step(ask(update, 63, 1))) == 0);
}

TEST_CASE("1000 random requests have one history") {
    one_cpu const here;
    both run{serve};
    check_history(run, 80);
}

TEST_CASE("bpftool prints keys and values by the names of their fields") {
    one_cpu const here;
    both run{serve};
    check_dump(run, true);
}

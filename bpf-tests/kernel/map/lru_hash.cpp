// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "lru_hash.bpf.cpp"
#include <kernel/map/table_ask.hpp>

using namespace test;

TEST_CASE("entries come, change and go") {
    one_cpu const here;
    both run{serve};
    check_entries(run);
}

TEST_CASE("it is never full") {
    one_cpu const here;
    both run{serve};
    check_eviction(run);
}

TEST_CASE("1000 random requests that fit have one history") {
    one_cpu const here;
    both run{serve};
    check_history(run, 8);
}

TEST_CASE("bpftool prints keys and values by the names of their fields") {
    one_cpu const here;
    both run{serve};
    check_dump(run, false);
}

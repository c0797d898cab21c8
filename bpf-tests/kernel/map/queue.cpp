// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "queue.bpf.cpp"
#include <kernel/map/line_ask.hpp>

using namespace test;

TEST_CASE("what goes in comes out in the kind's order") {
    both run{serve};
    for (u32 i = 0; i < 4; i++) CHECK(error(run.step(ask(push, 10 + i))) == 0);
    for (u32 i = 0; i < 4; i++) {
        u32 const next = 10 + i;
        CHECK(run.step(ask(peek)).number(2) == next);
        CHECK(run.step(ask(pop)).number(2) == next);
    }
    CHECK(run.step(ask(pop)).number(1) == 0);
    CHECK(run.step(ask(peek)).number(1) == 0);
}

TEST_CASE("full, and with room made") {
    both run{serve};
    check_full(run);
}

TEST_CASE("2000 random requests have one history") {
    both run{serve};
    check_history(run);
}

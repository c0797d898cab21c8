// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "callback.bpf.cpp"
#include <kernel/map/one_cpu.hpp>
#include <support/both.hpp>

using test::both, test::one_cpu;

namespace {
enum what : u8 { add, sums, until, thin };
auto ask(u8 what, u32 number = 0, u32 count = 0) -> std::vector<u8> {
    request r{what, {}, be32{number}, be32{count}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
} // namespace

TEST_CASE("each entry is seen once, with its key and its value") {
    one_cpu const here;
    both run{visit};
    auto a = run.step(ask(sums));
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 6 + 3); // arrays have all their entries
    for (u32 i = 0; i < 8; i++) run.step(ask(add, i, 100 + i));
    a = run.step(ask(sums));
    CHECK(a.number(0) == 8);
    CHECK(a.number(1) == 8 + 6 + 3);
    u64 const all = 8 * 100 + 28, in_slots = 101 + 2 * 102 + 3 * 103 + 4 * 104 + 5 * 105, in_own = 100 + 101 + 102;
    CHECK(a.number(2) == 2 * all + in_slots + in_own);
    CHECK(a.number(3) == 2 * 28 + 8 * 7);
    a = run.step(ask(sums)); // it is the value in the map that was counted up
    CHECK(a.number(2) == 2 * all + 8 + in_slots + in_own);
}

TEST_CASE("a walk stops when it is told to") {
    both run{visit};
    for (u32 i = 0; i < 6; i++) run.step(ask(add, i, 10));
    for (u32 i = 0; i < 6; i++) {
        auto const a = run.step(ask(until, i));
        CHECK(a.number(0) == i + 1);
        CHECK(a.number(2) == i * 10);
    }
    CHECK(run.step(ask(until, 6)).number(0) == 6);
}

TEST_CASE("entries may be erased on the way") {
    both run{visit};
    for (u32 i = 0; i < 16; i++) run.step(ask(add, i, i));
    auto const a = run.step(ask(thin, 10));
    CHECK(a.number(0) == 16);
    CHECK(a.number(1) == 6);
    CHECK(a.number(2) == 10 + 11 + 12 + 13 + 14 + 15);
}

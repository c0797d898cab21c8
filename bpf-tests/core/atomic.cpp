// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "atomic.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/dump.hpp>
#include <type_traits>

using test::both;

static_assert(sizeof(atomic<u32>) == 4 && alignof(atomic<u64>) == 8 && std::is_aggregate_v<atomic<u64>>);

namespace {
enum what : u8 {
    load_it,
    store_it,
    add,
    increment,
    fetch_add,
    fetch_sub,
    fetch_and,
    fetch_or,
    fetch_xor,
    swap,
    compare
};
auto ask(u8 what, bool wide, u32 value = 0, u32 wanted = 0) -> std::vector<u8> {
    request r{what, wide, {}, be32{value}, be32{wanted}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
} // namespace

TEST_CASE("each operation does what its name says") {
    both run{operate};
    for (bool const wide : {false, true}) {
        auto const now = wide ? 1u : 2u;
        auto const is = [&](test::answer const &a, u64 before, u64 after) {
            CHECK(a.number(0) == before);
            CHECK(a.number(now) == after);
        };
        is(run.step(ask(load_it, wide)), 0, 0);
        is(run.step(ask(store_it, wide, 12)), 0, 12);
        is(run.step(ask(add, wide, 3)), 0, 15);
        is(run.step(ask(increment, wide)), 0, 16);
        is(run.step(ask(fetch_add, wide, 4)), 16, 20);
        is(run.step(ask(fetch_sub, wide, 5)), 20, 15);
        is(run.step(ask(fetch_and, wide, 6)), 15, 6);
        is(run.step(ask(fetch_or, wide, 9)), 6, 15);
        is(run.step(ask(fetch_xor, wide, 5)), 15, 10);
        is(run.step(ask(swap, wide, 40)), 10, 40);
        is(run.step(ask(compare, wide, 41, 50)), 40, 40);
        is(run.step(ask(compare, wide, 40, 50)), 40, 50);
        is(run.step(ask(load_it, wide)), 50, 50);
    }
}

TEST_CASE("1000 random operations have one history") {
    both run{operate};
    std::mt19937 random{5};
    for (u32 i = 0; i < 1000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>(n % 11), n & 0x100, static_cast<u32>(random()) >> (n >> 16 & 31), n >> 8));
    }
}

TEST_CASE("bpftool prints what is inside") {
    both run{operate};
    run.step(ask(store_it, true, 77));
    run.each_kernel_map(
        "numbers", [](int fd) { CHECK(test::dump(fd).at(0).at("formatted").at("value").at("wide").at("raw") == 77); });
}

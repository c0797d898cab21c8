// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "int.bpf.cpp"
#include <limits>
#include <support/both.hpp>

using test::both;

static_assert(std::numeric_limits<u8>::max() == 0xff && std::numeric_limits<u16>::max() == 0xffff);
static_assert(std::numeric_limits<u32>::max() == 0xffff'ffff && std::numeric_limits<u64>::max() == ~0ull);
static_assert(std::numeric_limits<i8>::min() == -128 && std::numeric_limits<i16>::min() == -32768);
static_assert(std::numeric_limits<i32>::min() == -2147483647 - 1 && std::numeric_limits<i64>::is_signed);

TEST_CASE("integers have their sizes on every side") {
    both run{sizes};
    auto const a = run.run(std::vector<u8>(14));
    CHECK(a.number(0) == 4);
    CHECK(a.number(1) == 4);
    for (u32 i = 2; i <= 4; i++) CHECK(a.number(i) == ~u64{0});
    CHECK(a.number(5) == 0xffff);
    CHECK(a.number(6) == 0xffff'ffff);
}

TEST_CASE("and compute the same") {
    both run{arithmetic};
    for (u32 first : {0u, 1u, 0x7fu, 0x80u, 0xffu})
        for (u32 second : {0u, 1u, 0x7fu, 0x80u, 0xffu}) {
            auto const a = static_cast<u8>(first), b = static_cast<u8>(second);
            std::vector<u8> bytes{a, b, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
            u64 rolled = 0;
            for (u32 i = 0; i < 8; i++) rolled = rolled * 257 + bytes[i];
            auto const is = run.run(bytes);
            CHECK(is.number(0) == ((first + second) & 0xff));
            CHECK(is.number(1) == ((first - second) & 0xff));
            CHECK(is.number(2) == ((first * second * 1000) & 0xffff));
            CHECK(is.number(3) == u64{first} << 24);
            CHECK(is.number(4) == (u64{first} << 56 | second));
            CHECK(is.number(5) == (first < 0x80 ? first : 0xffff'ffff'ffff'ff00 | first));
            CHECK(is.number(6) == (first >= second));
            CHECK(is.number(7) == rolled);
        }
}

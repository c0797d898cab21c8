// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "verifier.bpf.cpp"
#include <support/both.hpp>

using test::both;

static_assert(opaque(7) == 7 && opaque<u64>(~0ull) == ~0ull);
static_assert(bounded<0xff>(0x1234) == 0x34 && bounded<63>(64) == 0);
static_assert(forgotten(5, 9) == 5 && forgotten(0, ~0u) == 0);
static_assert(same(3, 3) == 1 && same(3, 4) == 0 && same(0, 0x7fff'ffff) == 0 && same(0, 0) == 1);
static_assert(chosen(1, 5, 9) == 5 && chosen(0, 5, 9) == 9 && chosen(0, 0, ~0u) == ~0u);
static_assert(lesser(3, 4) == 3 && lesser(4, 3) == 3 && lesser(5, 5) == 5 && lesser(0, 0x7fff'ffff) == 0);

TEST_CASE("the same values, at run time too") {
    both run{values};
    std::vector<u8> bytes(16);
    for (u32 round = 0; round < 200; round++) {
        for (auto &b : bytes) b = static_cast<u8>(b * 5 + round * 3 + 1);
        auto const word = load<u32>(bytes.data());
        auto const a = run.run(bytes);
        CHECK(a.number(0) == word);
        CHECK(a.number(1) == load<u64>(bytes.data() + 4));
        CHECK(a.number(2) == (word & 0xff));
        CHECK(a.number(3) == 0);
        CHECK(a.number(4) == word);
        CHECK(a.number(5) == word);
        CHECK(a.number(6) == bytes[12]);
    }
}

TEST_CASE("choices without branches") {
    both run{choices};
    std::vector<u8> bytes(16);
    for (u32 i = 0; i < 256; i++) {
        for (auto const other : {i, i ^ 1, i ^ 0x80}) {
            bytes[0] = bytes[1] = static_cast<u8>(i);
            bytes[2] = static_cast<u8>(other);
            store<u32>(bytes.data() + 4, i * 0x0101'0101u);
            auto const a = run.run(bytes);
            CHECK(a.number(0) == (i == 7));
            CHECK(a.number(1) == (i == other));
            CHECK(a.number(4) == std::min(i, other));
            CHECK(a.number(5) == std::min(load<u32>(bytes.data() + 4) >> 1, 0x4000'0000u));
            CHECK(a.number(2) == (i == 7 ? 100 : 200));
            CHECK(a.number(3) == (i == other ? i * 0x0101'0101u : ~0u));
        }
    }
}

TEST_CASE("a mask that changes nothing stays for the verifier") {
    both run{lookup};
    for (u32 i = 0; i < 256; i++) {
        std::vector<u8> bytes(16, static_cast<u8>(i));
        auto const a = run.run(bytes);
        CHECK(a.verdict == (i < 64 ? xdp::pass : xdp::drop));
        CHECK(a.number(0) == (i < 64 ? i * i : 0));
    }
}

namespace {
auto sixteen(u32 seed) -> std::vector<u8> {
    std::vector<u8> bytes(16);
    for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<u8>((i + 1) * (seed * 13 + 7));
    return bytes;
}
} // namespace

TEST_CASE("a number that the verifier forgets does not multiply paths") {
    both run{paths}; // it loads
    for (u32 seed = 0; seed < 50; seed++) {
        auto const bytes = sixteen(seed);
        u64 count = 0;
        for (u32 i = 0; i < 20; i++) count += bytes[i & 15] > i * 10;
        CHECK(run.run(bytes).number(0) == count);
    }
}

TEST_CASE("a number that moves a pointer does not either, once it is detached from what it was computed from") {
    both run{sums}; // it loads
    for (u32 seed = 0; seed < 50; seed++) {
        auto const bytes = sixteen(seed);
        u32 sum = 0;
        for (u32 i = 0; i < 10; i++) sum += bytes[i & 15] > i * 10 ? 3 + i : 5 * i;
        auto const a = run.run(bytes);
        CHECK(a.number(0) == sum);
        CHECK(a.number(1) == (sum & 63) * (sum & 63));
        CHECK(a.number(2) == 0);
        CHECK(a.number(3) == 0x5bd1'e995);
        CHECK(a.number(4) == ~0u);
    }
}

TEST_CASE("jumps of which the optimiser knows nothing") {
    both run{jumps};
    for (u32 i = 0; i < 256; i++) {
        std::vector<u8> bytes(16, static_cast<u8>(i));
        auto const a = run.run(bytes);
        bool const begun = (i & 7) != 0;
        CHECK(a.verdict == (begun ? xdp::tx : xdp::pass));
        CHECK(a.number(0) == (begun ? (5 + 4 + 3 + 2 + 1) * i * 5 : 0));
        CHECK(a.number(1) == i * 5);
    }
}

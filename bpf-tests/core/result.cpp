// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "result.bpf.cpp"
#include <support/both.hpp>
#include <type_traits>

using test::both;

static_assert(result<u32>{u32{5}}.value_or(1) == 5 && result<u32>{reason::malformed}.value_or(1) == 1);
static_assert(result<u32>{u32{5}} && !result<u32>{reason::malformed});
static_assert(result<u32>{u32{0}}.why() == reason::none && result<u32>{reason::fragment}.why() == reason::fragment);
static_assert([] {
    u32 sum = 0;
    auto const good = result<u32>{u32{5}}.then([&](u32 v) { sum += v; });
    auto const bad = result<u32>{reason::too_deep}.then([&](u32 v) { sum += v; });
    return sum == 5 && good == reason::none && bad == reason::too_deep;
}());
// Nobody reaches the value unchecked, and a result is no number.
template <class R>
concept opens = requires(R r) {
    r.value_;
}
|| requires(R r) { r.value(); }
|| requires(R r) { *r; };
static_assert(!opens<result<u32>> && !std::is_convertible_v<result<u32>, bool> &&
              !std::is_convertible_v<result<u32>, u32>);

namespace {
auto with(u16 first, u16 second) -> std::vector<u8> {
    std::vector<u8> b(15);
    b[11] = static_cast<u8>(first >> 8), b[12] = static_cast<u8>(first);
    b[13] = static_cast<u8>(second >> 8), b[14] = static_cast<u8>(second);
    return b;
}
} // namespace

TEST_CASE("BPFXX_TRY: the value, or out of the function") {
    auto const through = [](result<u32> const &r) -> result<u64> { return u64{BPFXX_TRY(r)} + 1; };
    CHECK(through(u32{4}).value_or(0) == 5);
    CHECK(through(reason::not_found).why() == reason::not_found);
    // The reason itself can be the answer of a function.
    auto const why = [](result<u32> const &r) -> reason {
        auto const v = BPFXX_TRY(r);
        return v == 4 ? reason::none : reason::malformed;
    };
    CHECK(why(u32{4}) == reason::none);
    CHECK(why(u32{5}) == reason::malformed);
    CHECK(why(reason::fragment) == reason::fragment);
    // The expression is computed once.
    u32 calls = 0;
    auto const count = [&]() -> result<u32> { return ++calls; };
    auto const twice = [&]() -> result<u32> {
        auto const a = BPFXX_TRY(count()), b = BPFXX_TRY(count());
        return a * 10 + b;
    };
    CHECK(twice().value_or(0) == 12);
}

TEST_CASE("a reason leaves through every level") {
    both run{levels}, ways{ways_out};
    auto const a = run.run(with(3, 0x1234));
    CHECK(a.verdict == xdp::drop);
    CHECK(a.number(0) == 3);
    CHECK(a.number(1) == 0x1234);
    struct row {
        u16 first, second;
        reason why;
    };
    row const rows[] = {{3, 0x1234, reason::none},
                        {3, 3, reason::none},
                        {4, 3, reason::malformed},
                        {0, 3, reason::not_found},
                        {3, 0, reason::not_found}};
    for (auto const &row : rows) {
        CHECK(run.run(with(row.first, row.second)).why == row.why);
        auto const b = ways.run(with(row.first, row.second));
        bool const good = row.why == reason::none;
        CHECK(b.why == row.why);
        CHECK(b.number(0) == good);
        CHECK(b.number(1) == static_cast<u64>(row.why));
        CHECK(b.number(2) == good);
        CHECK(b.number(3) == (good ? u64{row.first} + row.second : 0));
        CHECK(b.number(4) == (good ? row.first : 7u));
        CHECK(b.number(5) == (good ? row.second : 8u));
    }
    run.sweep(with(3, 4), 15);
    ways.sweep(with(3, 4), 15);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/sequence.hpp>
#include <support/catch.hpp>

using namespace bpfxx;

namespace {
template <u32... I> constexpr auto sum_of(detail::sequence<u32, I...>) -> u32 { return (0u + ... + I); }
template <u32... I> constexpr auto count_of(detail::sequence<u32, I...>) -> u32 { return sizeof...(I); }
} // namespace

TEST_CASE("the numbers from 0 on, as many as were asked for") {
    STATIC_REQUIRE(__is_same(detail::first<3>, detail::sequence<u32, 0, 1, 2>));
    STATIC_REQUIRE(__is_same(detail::first<0>, detail::sequence<u32>));
    CHECK(count_of(detail::first<200>{}) == 200);
    CHECK(sum_of(detail::first<200>{}) == 19'900);
}

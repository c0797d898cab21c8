// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a test's program leaves for the test apart from its verdict: a reason and some numbers, in a map named `seen`.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/result.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/map/array.hpp>

namespace bpfxx::test {
inline constexpr u32 most_numbers = 20;
struct observation {
    u64 why;
    u64 number[most_numbers];
};

/// Values as numbers: integers, enums and booleans as they are, wire values in the machine's order.
template <class T> BPFXX_INLINE constexpr auto number_of(T const &value) -> u64 {
    if constexpr (requires { value.value(); })
        return static_cast<u64>(value.value());
    else
        return static_cast<u64>(value);
}
/// Eight bytes as they follow each other, the first one on top: number(&address.raw[8]).
BPFXX_INLINE auto number(u8 const *at) -> u64 { return network_order(load<u64>(at)); }

/// A policy that makes each reason a verdict of its own: BPFXX_XDP(name, told). The fixture turns it into `why`.
inline constexpr int first_told = 16;
template <class Action> BPFXX_INLINE constexpr auto told_as(reason why) -> Action {
    return static_cast<Action>(first_told + static_cast<int>(why));
}
BPFXX_INLINE constexpr auto told(reason why) -> xdp::action { return told_as<xdp::action>(why); }
} // namespace bpfxx::test

BPFXX_MAP(seen, bpfxx::spec::array<bpfxx::test::observation, 1>);

namespace bpfxx::test {
/// Leaves a reason and some numbers.
template <class... Numbers> BPFXX_INLINE auto observe(reason why, Numbers const &...numbers) -> void {
    static_assert(sizeof...(Numbers) <= most_numbers, "the map has room for 20 numbers");
    seen.lookup(0).then([&](observation &to) BPFXX_LAMBDA {
        to.why = static_cast<u64>(why);
        auto *at = to.number;
        ((*at++ = number_of(numbers)), ...);
    });
}
} // namespace bpfxx::test

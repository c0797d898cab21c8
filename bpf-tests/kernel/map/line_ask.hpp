// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Asks the program of line_serve.hpp.
#include <cerrno>
#include <random>
#include <support/both.hpp>

namespace bpfxx::test {
enum what : u8 { push, pop, peek };
inline auto ask(u8 what, u32 number = 0, u8 flags = BPF_ANY) -> std::vector<u8> {
    request r{what, flags, be32{number}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
inline auto error(answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }

inline auto check_full(both &run) -> void {
    for (u32 i = 0; i < 4; i++) CHECK(error(run.step(ask(push, i))) == 0);
    CHECK(error(run.step(ask(push, 4))) == -E2BIG);
    CHECK(error(run.step(ask(push, 4, BPF_NOEXIST))) == -EINVAL);
    CHECK(error(run.step(ask(push, 4, 3))) == -EINVAL);
    CHECK(error(run.step(ask(push, 4, BPF_EXIST))) == 0); // the oldest, 0, is gone
    u64 sum = 0;
    for (u32 i = 0; i < 5; i++) sum += run.step(ask(pop)).number(2);
    CHECK(sum == 1 + 2 + 3 + 4);
}
inline auto check_history(both &run) -> void {
    std::mt19937 random{4};
    for (u32 i = 0; i < 2000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>((n >> 8) % 4 == 0 ? 0 : n % 3), i, static_cast<u8>(n >> 16 & 3)));
    }
}
} // namespace bpfxx::test

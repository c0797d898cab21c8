// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// 100 members of 2^32, and the kernel's own 5 hashes: what is asked here is not wrong by chance but once in a while;
/// so members are compared everywhere, and strangers natively.
#include "bloom_filter.bpf.cpp"
#include <support/both.hpp>

using test::both;

namespace {
auto ask(u8 what, u32 address) -> std::vector<u8> {
    request r{what, {}, be32{address}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
} // namespace

TEST_CASE("a member is never denied") {
    both run{serve};
    for (u32 i = 0; i < 100; i++) CHECK(run.step(ask(1, i * 7919)).number(0) == 1);
    for (u32 i = 0; i < 100; i++) CHECK(run.step(ask(0, i * 7919)).number(0) == 1);
}

TEST_CASE("an empty filter has no members, here and in the kernel") {
    both run{serve};
    CHECK(run.step(ask(0, 5)).number(0) == 0);
}

TEST_CASE("natively a stranger is never taken for a member") {
    both run{serve};
    for (u32 i = 0; i < 100; i++) run.step(ask(1, i));
    for (u32 i = 100; i < 1000; i++) {
        be32 address{i};
        REQUIRE(run.native_map("known").peek(&address) == -ENOENT);
    }
}

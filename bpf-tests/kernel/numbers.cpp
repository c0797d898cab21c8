// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "numbers.bpf.cpp"
#include <support/both.hpp>

using test::both;

namespace {
auto packet(i32 from, i32 to, u8 leaves = 0) -> std::vector<u8> {
    std::vector<u8> bytes(14);
    be32 const ends[2] = {be32{static_cast<u32>(from)}, be32{static_cast<u32>(to)}};
    std::memcpy(bytes.data(), ends, sizeof ends);
    bytes[8] = leaves;
    return bytes;
}
} // namespace

TEST_CASE("numbers come in order, and none behind the end") {
    both run{count_up};
    auto a = run.run(packet(0, 10));
    CHECK(a.number(0) == 10);
    CHECK(a.number(1) == 45);
    CHECK(a.number(2) == 120);
    a = run.run(packet(-3, 3));
    CHECK(a.number(0) == 6);
    CHECK(static_cast<i64>(a.number(1)) == -3);
    CHECK(run.run(packet(5, 5)).number(0) == 0);
    CHECK(run.run(packet(6, 5)).number(0) == 0);
    CHECK(run.run(packet(0, 100'000)).number(0) == 100'000);
    CHECK(run.run(packet(0, (1 << 23) + 1)).number(0) == 0); // more than the kernel does
}

TEST_CASE("a loop may be left") {
    both run{count_up};
    CHECK(run.run(packet(0, 10, 1)).number(0) == 3);
    CHECK(run.run(packet(0, 2, 1)).number(0) == 2);
    CHECK(run.run(packet(0, 10, 2)).verdict == xdp::drop);
    CHECK(run.run(packet(0, 3, 2)).verdict == xdp::pass);
}

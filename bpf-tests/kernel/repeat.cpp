// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "repeat.bpf.cpp"
#include <support/both.hpp>

using test::both;

namespace {
auto packet(u32 wanted, std::size_t size) -> std::vector<u8> {
    std::vector<u8> bytes(size, 2);
    be32 const number{wanted};
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}
} // namespace

TEST_CASE("a body is called so often, or until it stops") {
    both run{add_up};
    auto a = run.run(packet(20, 100));
    CHECK(a.number(0) == 20);
    CHECK(a.number(1) == 20 + 16 * 2);
    CHECK(a.number(2) == 19 + 21);
    CHECK(a.number(3) == 7);
    CHECK(run.run(packet(0, 100)).number(0) == 0);
    a = run.run(packet(5000, 1400));
    CHECK(a.number(0) == 1401); // the last one stopped
    CHECK(a.number(2) == 1399 + 21);
    CHECK(run.run(packet(1u << 23, 60)).number(0) == 61);
    CHECK(run.run(packet((1u << 23) + 1, 60)).number(0) == 0); // more than the kernel does
}

TEST_CASE("a body refers to wire values") {
    both run{seats};
    std::vector<u8> in(40);
    for (u8 i = 0; i < 5; i++) in[8u * i + 3] = 7, in[8u * i + 5] = i == 0 ? 3 : i;
    in[6] = 1, in[7] = 2;
    auto const a = run.run(in);
    CHECK(a.number(0) == 803); // the third, and four times two floors
    CHECK(a.number(1) == 1);
    in[4] = 1;
    CHECK(run.run(in).number(0) == 800);
}

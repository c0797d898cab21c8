// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "entry.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::byte_string;

namespace {
auto ask(u8 index) -> byte_string { return test::joined({0, 0, 0, index}, byte_string(10)); }
} // namespace

TEST_CASE("then() is called with what is there, and says whether it was") {
    both run{by_then};
    auto a = run.step(ask(1));
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 1);
    CHECK(run.step(ask(1)).number(1) == 2); // it is the value in the map
    a = run.step(ask(2));
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 99);
}

TEST_CASE("value_or() copies, or gives the other value") {
    both run{by_value};
    auto a = run.step(ask(0));
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == static_cast<u64>(reason::none));
    a = run.step(ask(2));
    CHECK(a.number(0) == 77);
    CHECK(a.number(1) == 0);
    CHECK(a.number(2) == static_cast<u64>(reason::not_found));
}

TEST_CASE("BPFXX_TRY gives the address, or leaves with the reason") {
    both run{by_address};
    CHECK(run.step(ask(1)).number(0) == 10);
    CHECK(run.step(ask(1)).number(0) == 20);
    CHECK(run.step(ask(3)).why == reason::not_found);
}

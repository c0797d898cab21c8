// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "reason.bpf.cpp"
#include <set>
#include <support/both.hpp>

using test::both;

static_assert(sizeof(reason) == 1 && static_cast<u32>(reason::none) == 0);
static_assert(static_cast<u32>(reason::no_room) + 1 == reason_count);
static_assert(name_of(reason::fragment)[0] == 'f');

TEST_CASE("each reason has a name of its own") {
    std::set<std::string> names;
    for (u32 i = 0; i < reason_count; i++) names.insert(name_of(static_cast<reason>(i)));
    CHECK(names == std::set<std::string>{"none", "truncated", "other_protocol", "malformed", "fragment", "too_deep",
                                         "not_found", "no_room"});
    CHECK(name_of(static_cast<reason>(reason_count)) == std::string{"unknown"});
    CHECK(name_of(static_cast<reason>(255)) == std::string{"unknown"});
}

TEST_CASE("each reason reaches the verdict") {
    both run{each};
    for (u32 i = 1; i < reason_count; i++) {
        auto const a = run.run(std::vector<u8>(14, static_cast<u8>(i)));
        CHECK(a.why == static_cast<reason>(i));
        CHECK(a.verdict == test::told(static_cast<reason>(i)));
        CHECK(a.number(0) == 0);
    }
    auto const a = run.run(std::vector<u8>(14));
    CHECK(a.why == reason::none);
    CHECK(a.verdict == xdp::drop);
    CHECK(a.number(0) == 1);
    CHECK(run.run({}).why == reason::truncated);
}

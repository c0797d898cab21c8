// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/xdp_link.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>
#include <user/raw_program.hpp>

namespace inside = bpfxx::user::detail;
using namespace bpfxx;
using namespace bpfxx::user;
using test::has;

TEST_CASE("what an interface runs is found by id, mode and name") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    CHECK_FALSE(attached_xdp("left"));
    auto const fd = test::answer_always(XDP_PASS, "on_left");
    for (auto const mode : {xdp_mode::native, xdp_mode::generic}) {
        auto const held = attach_xdp(program{fd.get()}, "left", {.mode = mode});
        auto const found = attached_xdp("left");
        REQUIRE(found);
        CHECK(found->id == program{fd.get()}.info().id);
        CHECK(found->mode == mode);
        CHECK(found->name == "on_left");
        CHECK(found->described() ==
              "XDP program 'on_left' (id " + std::to_string(found->id) + ", " + name_of(mode) + ")");
        CHECK_FALSE(attached_xdp("right"));
    }
    CHECK_FALSE(attached_xdp("left"));
}

TEST_CASE("the links on an interface are told by index and program") {
    if (test::cannot_load()) return;
    auto const own = test::network{};
    auto const fd = test::answer_always(XDP_PASS);
    auto const left = attach_xdp(program{fd.get()}, "left");
    auto const there = attached_xdp("left");
    REQUIRE(there);
    CHECK(inside::links_like(*there, "left").size() == 1);
    CHECK(inside::links_like(*there, "right").empty());
    CHECK(inside::links_like({there->id + 1, there->mode, ""}, "left").empty());
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "platform.bpf.cpp"
#include <support/both.hpp>

using test::both;

TEST_CASE("settings are zero until they are given") {
    both run{configured};
    run.set("config", options{}).set("factor", u64{0});
    auto const a = run.run(std::vector<u8>(14, 9));
    for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == 0);
    CHECK(a.verdict == xdp::pass);
}

TEST_CASE("settings reach every side") {
    both run{configured};
    run.set("config", options{5, be16{80}, 1, {1, 2, 3, 4, 250}}).set("factor", u64{1} << 40);
    auto const a = run.run(std::vector<u8>(14, 6));
    CHECK(a.number(0) == 5);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 260);
    CHECK(a.number(3) == u64{1} << 40);
    CHECK(a.number(4) == u64{6} << 40);
    CHECK(a.verdict == xdp::drop);
    CHECK(run.run(std::vector<u8>(14, 5)).verdict == xdp::pass);
    CHECK_THROWS(run.set("factor", u64{1})); // too late
    CHECK_THROWS(both{configured}.set("factor", u32{1}));
    CHECK_THROWS(both{configured}.set("other", u32{1}));
}

TEST_CASE("settings hold addresses and wire values") {
    both run{addressed};
    routes all{};
    all.own = be32{0x0a00'0001};
    all.of[1].port = be16{8080};
    all.of[3] = {net::ip_address{be32{0xc000'0207}}, {be32{0x0a01'0000}, 16}, {{1, 2, 3, 4, 5, 6}}, be16{443}};
    run.set("table", all);
    auto const a = run.run({3, 10, 1, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    u64 const expected[] = {0x0a00'0001, 443, 0xc000'0207, 1, 1, 8080};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
    CHECK(run.run({3, 10, 2, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0}).number(4) == 0);
}

TEST_CASE("an entry point written out") {
    both run{written_out};
    for (std::size_t size : {0u, 14u, 20u, 21u, 1000u}) {
        auto const a = run.run(std::vector<u8>(size));
        CHECK(a.number(0) == size);
        CHECK(a.verdict == (size > 20 ? xdp::drop : xdp::pass));
    }
}

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

TEST_CASE("settings of classes") {
    policy const given{.address = be32{0x0a00'0001},
                       .ports = {be16{80}, be16{443}, be16{8080}, be16{7}},
                       .router = net::mac_address{{2, 0, 0, 0, 0, 1}},
                       .from = net::ip_address{be32{0x0a00'0007}},
                       .inside = {be32{0x0a00'0000}, 8},
                       .outside = {{}, {net::ip_address{be32{0x0a00'0000}}, 104}},
                       .ends = {{{}, be<net::tcp_port>{net::tcp_port{22}}},
                                {net::mac_address{{2, 0, 0, 0, 0, 1}}, be<net::tcp_port>{net::tcp_port{23}}},
                                {net::mac_address{{2, 0, 0, 0, 0, 1}}, be<net::tcp_port>{net::tcp_port{22}}}},
                       .which = mode::both,
                       .strict = true,
                       .magic = le32{0x1234'5678},
                       .offset = -5};
    both run{of_classes};
    run.set("rules", given).set("one_port", be16{7});
    for (auto const &[index, bits] : {std::pair{0x00u, 0b1011'1110'1111u},
                                      {0x11u, 0b1111'1101'1111u},
                                      {0x22u, 0b1011'1111'1111u},
                                      {0x21u, 0b1111'1111'1111u}}) {
        auto const a = run.run(std::vector<u8>(14, static_cast<u8>(index)));
        CHECK(a.number(0) == bits);
        CHECK(a.number(1) == 0x1234'5678);
        CHECK(a.number(2) == static_cast<u64>(-5));
        CHECK(a.number(3) == 7);
        CHECK(a.verdict == xdp::drop);
    }
    both without{of_classes};
    without.set("rules", policy{}).set("one_port", be16{7});
    CHECK(without.run(std::vector<u8>(14)).number(0) == 0b1101'0001);
}

TEST_CASE("an entry point whose parameter has no name") {
    both run{unnamed};
    CHECK(run.run(std::vector<u8>(14)).verdict == xdp::drop);
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

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ip_address.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using net::ip_address;
using test::both, test::packet, test::byte_string;

static_assert(sizeof(ip_address) == 16 && alignof(ip_address) == 1);
constexpr ip_address localhost{be32{0x7f00'0001}}, unspecified{};
static_assert(localhost.is_v4() && !unspecified.is_v4() && localhost != unspecified);
static_assert(localhost.raw[9] == 0 && localhost.raw[10] == 0xff && localhost.raw[11] == 0xff);
static_assert(localhost.raw[12] == 127 && localhost.raw[15] == 1);
constexpr auto copied(ip_address const &a) -> ip_address {
    ip_address b;
    b = a;
    return ip_address{b};
}
static_assert(copied(localhost) == localhost && copied(localhost) == ip_address{be32{0x7f00'0001}});

TEST_CASE("IPv4 addresses are mapped") {
    both see{addresses};
    auto const a = see.run(packet{}.ethernet().ipv4({.src = 0xc0a8'0102, .dst = 0x0808'0808}).payload("x"));
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 0x0000'ffff'c0a8'0102);
    CHECK(a.number(2) == 0);
    CHECK(a.number(3) == 0x0000'ffff'0808'0808);
    CHECK(a.number(4) == 1);
    CHECK(a.number(5) == 1);
    CHECK(a.number(6) == 0);
}

TEST_CASE("IPv6 addresses are themselves, mapped ones too") {
    both see{addresses};
    byte_string const plain = {0x20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    byte_string const mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
    auto const a = see.run(packet{}.ethernet().ipv6({.src = plain, .dst = mapped}).payload("x"));
    CHECK(a.number(0) == 0x2001'0203'0405'0607);
    CHECK(a.number(1) == 0x0809'0a0b'0c0d'0e0f);
    CHECK(a.number(2) == 0);
    CHECK(a.number(3) == 0x0000'ffff'0a00'0001);
    CHECK(a.number(4) == 0);
    CHECK(a.number(5) == 1);
}

TEST_CASE("each byte of an address counts") {
    both see{addresses};
    byte_string const one(16, 0);
    CHECK(see.run(packet{}.ethernet().ipv6({.src = one, .dst = one})).number(6) == 1);
    for (std::size_t i = 0; i < 16; i++) {
        auto other = one;
        other[i] = 1;
        CHECK(see.run(packet{}.ethernet().ipv6({.src = one, .dst = other})).number(6) == 0);
        byte_string mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
        mapped[i] ^= 0x10;
        CHECK(see.run(packet{}.ethernet().ipv6({.src = one, .dst = mapped})).number(5) == (i >= 12));
    }
}

TEST_CASE("an address is a key of a map, and IPv4 is the same host as its mapped form") {
    both see{known};
    auto const v4 = packet{}.ethernet().ipv4({.src = 0x0a00'0001}).bytes();
    auto const other = packet{}.ethernet().ipv4({.src = 0x0a00'0002}).bytes();
    auto const mapped =
        packet{}.ethernet().ipv6({.src = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}}).bytes();
    CHECK(see.step(v4).number(0) == 0);
    CHECK(see.step(other).number(0) == 0);
    CHECK(see.step(mapped).number(0) == 1);
    CHECK(see.step(v4).number(0) == 1);
}

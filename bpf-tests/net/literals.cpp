// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "literals.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert("10.0.0.1"_ipv4 == be32{0x0a00'0001} && is_same<decltype("10.0.0.1"_ipv4), be32>);
static_assert("::ffff:10.0.0.1"_ipv6 == net::ip_address{be32{0x0a00'0001}} && "10.0.0.1"_ip == "::ffff:a00:1"_ip);
static_assert("2001:db8::1"_ipv6.raw[0] == 0x20 && "2001:db8::1"_ipv6.raw[15] == 1);
static_assert(router == net::mac_address{{2, 0, 0, 0, 0, 1}} && "ff-ff-ff-ff-ff-ff"_mac.is_group());
static_assert(is_same<decltype("10.0.0.0/8"_prefix), net::ipv4_prefix> &&
              is_same<decltype("::/0"_prefix), net::ipv6_prefix>);
static_assert("10.0.0.0/8"_prefix == net::ipv4_prefix{be32{0x0a00'0000}, 8} && local.length == 10);

TEST_CASE("constants of IPv4 and of MAC addresses") {
    both see{v4};
    auto const a = see.run(packet{}.ethernet({.src = {2, 0, 0, 0, 0, 1}}).ipv4({.src = 0xc000'0201}));
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 0);
    auto const b = see.run(packet{}.ethernet({.src = {2, 0, 0, 0, 0, 2}}).ipv4({.src = 0x0ac0'0201}));
    CHECK(b.number(0) == 0);
    CHECK(b.number(1) == 0);
    CHECK(b.number(2) == 1);
}

TEST_CASE("constants of either version") {
    both see{over_any};
    auto const of = [&](byte_string const &bytes) {
        auto const a = see.run(bytes);
        return a.number(0) | a.number(1) << 1 | a.number(2) << 2 | a.number(3) << 3;
    };
    CHECK(of(packet{}.ethernet().ipv4({.src = 0xc000'0201})) == 1);
    CHECK(of(packet{}.ethernet().ipv6()) == 2);
    CHECK(of(packet{}.ethernet().ipv4({.src = 0x0aff'0201})) == 4);
    CHECK(of(packet{}.ethernet().ipv6({.src = {0xfe, 0xbf, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}})) == 8);
    CHECK(of(packet{}.ethernet().ipv6({.src = {0xfe, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}})) == 0);
    CHECK(of(packet{}.ethernet().ipv6({.src = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}})) == 1);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "esp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::esp> && sizeof(net::esp) == 8 && !parent<net::esp>);
static_assert(__builtin_offsetof(net::esp, spi) == 0 && __builtin_offsetof(net::esp, sequence) == 4);
static_assert(matches(net::esp::id, net::ip_proto{50}) && !matches(net::esp::id, net::ip_proto{51}));

static byte_string const security = {0x12, 0x34, 0x56, 0x78, 0xf1, 2, 3, 4};

TEST_CASE("the fields, over either IP") {
    both what{encrypted};
    for (auto const &in : {packet{}.ethernet().ipv4().other(security, {}, 50).payload("secret").padded(60).bytes(),
                           packet{}.ethernet().ipv6().other(security, {}, 50).payload("secret").padded(70).bytes()}) {
        auto const a = what.run(in);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 0x1234'5678);
        CHECK(a.number(1) == 0xf102'0304);
        CHECK(a.number(2) == 6);
    }
}

TEST_CASE("cut off at every length, and by IP's length") {
    both what{encrypted};
    what.sweep(packet{}.ethernet().ipv4().other(security, {}, 50).payload("abc"), 42);
    what.sweep(packet{}.ethernet().ipv6().other(security, {}, 50).payload("abc"), 62);
    for (u16 total = 20; total < 28; total++)
        CHECK(what.run(packet{}.ethernet().ipv4({.total_length = total}).other(security, {}, 50)).why ==
              reason::truncated);
}

TEST_CASE("other protocols, and later fragments") {
    both what{encrypted};
    for (u8 const protocol : {0x32 + 1, 6, 17, 253})
        CHECK(what.run(packet{}.ethernet().ipv4({.protocol = protocol}).other(security)).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).other(security, {}, 50)).why == reason::fragment);
}

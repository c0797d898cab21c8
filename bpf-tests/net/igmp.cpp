// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "igmp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::igmp> && sizeof(net::igmp) == 8 && !parent<net::igmp>);
static_assert(__builtin_offsetof(net::igmp, checksum) == 2 && __builtin_offsetof(net::igmp, group) == 4);
static_assert(matches(net::igmp::id, net::ip_proto{2}));
constexpr auto of(u8 type) -> net::igmp { return {type, 0, {}, {}}; }
static_assert(of(0x11).is_query() && of(0x12).is_report() && of(0x16).is_report() && of(0x22).is_report());
static_assert(of(0x17).is_leave() && !of(0x11).is_report() && !of(0x17).is_report() && !of(0x12).is_query());

static auto message(u8 type) -> byte_string { return {type, 100, 0xab, 0xcd, 224, 0, 0, 251}; }

TEST_CASE("the fields of a message") {
    both what{membership};
    auto const a = what.run(
        packet{}.ethernet().ipv4({.ttl = 1, .options = {148, 4, 0, 0}}).other(message(0x16), {}, 2).padded(60));
    CHECK(a.why == reason::none);
    u64 const expected[] = {0x16, 100, 0xabcd, 0xe000'00fb, 0, 1, 0, 0};
    for (u32 i = 0; i < 8; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("queries, reports and leaves") {
    both what{membership};
    for (u32 type = 0; type < 256; type++) {
        auto const a =
            what.run(packet{}.ethernet().ipv4().other(message(static_cast<u8>(type)), {}, 2).payload("source"));
        CHECK(a.number(4) == (type == 0x11));
        CHECK(a.number(5) == (type == 0x12 || type == 0x16 || type == 0x22));
        CHECK(a.number(6) == (type == 0x17));
        CHECK(a.number(7) == 6);
    }
}

TEST_CASE("cut off at every length, and by IP's length") {
    both what{membership};
    what.sweep(packet{}.ethernet().ipv4({.options = {148, 4, 0, 0}}).other(message(0x11), {}, 2).padded(60), 46);
    for (u16 total = 20; total < 28; total++)
        CHECK(what.run(packet{}.ethernet().ipv4({.total_length = total}).other(message(0x11), {}, 2)).why ==
              reason::truncated);
}

TEST_CASE("other protocols, and later fragments") {
    both what{membership};
    CHECK(what.run(packet{}.ethernet().ipv4({.protocol = 1}).other(message(0x11))).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv6().other(message(0x11), {}, 2)).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).other(message(0x11), {}, 2)).why ==
          reason::fragment);
}

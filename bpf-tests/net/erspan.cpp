// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "erspan.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::patched;

static_assert(header<net::erspan> && sizeof(net::erspan) == 8);
static_assert(__builtin_offsetof(net::erspan, cos_session) == 2 &&
              __builtin_offsetof(net::erspan, reserved_index) == 4);
static_assert(matches(net::erspan::id, net::ether_type{0x88be}) && !matches(net::erspan::id, net::ether_type{0x22eb}));
constexpr net::erspan sample{be16{0x1abc}, be16{0xa7ff}, be32{0xfff'12345}};
static_assert(sample.valid() && sample.vlan() == 0xabc && sample.class_of_service() == 5 && sample.is_truncated());
static_assert(sample.session() == 0x3ff && sample.index() == 0x12345 && sample.next() == net::ether_type{0x6558});
static_assert(net::erspan{{}, be16{0xffff}, be32{0xffff'ffff}}.index() == 0xf'ffff);
static_assert(!net::erspan{be16{0x2fff}, be16{0x1bff}, be32{}}.valid());
static_assert(!net::erspan{be16{0x2fff}, be16{0x1bff}, be32{}}.is_truncated());

static byte_string const gre{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1}, erspan{0x1a, 0xbc, 0xa4, 0x07, 0, 1, 0x23, 0x45};
static auto behind(byte_string const &tunnel = gre, byte_string const &header = erspan) -> packet {
    return packet{}.ethernet().ipv4().other(tunnel, {}, 47).payload(header);
}

TEST_CASE("the fields of the header") {
    both see{mirror};
    for (auto const &in : {behind().payload("inside").bytes(),
                           packet{}.ethernet().ipv6().other(gre, {}, 47).payload(erspan).payload("inside").bytes()}) {
        auto const a = see.run(in);
        CHECK(a.why == reason::none);
        u64 const expected[] = {1, 0xabc, 5, 1, 7, 0x12345, 6};
        for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
    }
}

TEST_CASE("cut off at every length") {
    both see{mirror}, frame{inner};
    see.sweep(behind().payload("abc").padded(64), 50);
    frame.sweep(behind().ethernet().ipv4().tcp().payload("abc"), 104);
    frame.sweep(behind().ethernet().ipv6().tcp().payload("abc"), 124);
}

TEST_CASE("other versions are malformed") {
    both see{mirror};
    for (u8 version = 0; version < 16; version++)
        CHECK(see.run(behind(gre, patched(erspan, 0, {static_cast<u8>(version << 4)}))).why ==
              (version == 1 ? reason::none : reason::malformed));
}

TEST_CASE("what it leads to") {
    both see{mirror}, frame{inner};
    auto const a = frame.run(behind().ethernet().ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {7, 0x0800, 443, 3};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    CHECK(frame.run(behind().ethernet().ipv6().tcp()).number(1) == 0x86dd);
    CHECK(frame.run(behind().ethernet().arp().payload(byte_string(40))).why == reason::other_protocol);
    // type III has a number of its own
    CHECK(see.run(behind(patched(gre, 2, {0x22, 0xeb}))).why == reason::other_protocol);
    // type I, of which only GRE can tell
    auto const first = packet{}.ethernet().ipv4().other({0, 0, 0x88, 0xbe}, {}, 47).ethernet().ipv4().tcp().bytes();
    CHECK(see.run(first).why == reason::malformed);
    CHECK(see.run(patched(first, 38, {0x12})).number(0) == 0);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "llc.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::llc> && sizeof(net::llc) == 3);
static_assert(__builtin_offsetof(net::llc, ssap) == 1 && __builtin_offsetof(net::llc, control) == 2);
static_assert(is_same<next_key<net::llc>, net::lsap>);
static_assert(matches(net::llc::id, net::ether_type{1500}) && !matches(net::llc::id, net::ether_type{1501}));
static_assert(matches(net::llc::id, be{net::ether_type{0}}) && !matches(net::llc::id, be{net::ether_type{0x0800}}));
static_assert(matches(net::llc::id, net::link_type{100}) && !matches(net::llc::id, net::link_type{105}));
constexpr net::llc sample{net::lsap{0x42}, net::lsap{0x43}, 3};
static_assert(sample.next() == net::lsap{0x42} && !sample.is_group() && sample.is_response());
static_assert(net::llc{net::lsap{0xff}, net::lsap{0x42}, 3}.is_group());
static_assert(!net::llc{net::lsap{0xff}, net::lsap{0x42}, 3}.is_response());
static_assert(net::llc{net::lsap{0x42}, net::lsap{0x42}, 0}.next() == net::lsap{0});

static auto llc(u8 dsap = 0x42, u8 ssap = 0x42, u8 control = 3) -> byte_string { return {dsap, ssap, control}; }
static auto behind(byte_string const &header, u16 length = 38) -> packet {
    return packet{}.ethernet({.type = length}).other(header);
}

TEST_CASE("the fields of the header") {
    both see{frame};
    auto const a = see.run(behind(llc(0x43, 0xf1, 0x7f)).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {0x43, 0xf1, 0x7f, 1, 1, 6};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("cut off at every length") {
    both see{frame}, any{either_frame}, stp{spanning_tree};
    see.sweep(behind(llc()).payload("abc"), 17);
    any.sweep(behind(llc()).payload(byte_string(40)), 17);
    any.sweep(packet{}.ethernet().vlan({.type = 38}).other(llc()).payload(byte_string(40)), 21);
    any.sweep(packet{}.ethernet().ipv4().payload("abc"), 34);
    stp.sweep(behind(llc()).payload("0123abc"), 21);
}

TEST_CASE("what is at most 1500 is a length, all else a type or nothing") {
    both see{frame};
    for (u32 type = 0; type < 0x10000; type += type >= 1488 && type < 0x0610 ? 1 : 0x10)
        CHECK(see.run(behind(llc(), static_cast<u16>(type)).payload("abc")).why ==
              (type <= 1500 ? reason::none : reason::other_protocol));
}

TEST_CASE("IPX without LLC starts where LLC would") {
    both see{frame};
    CHECK(see.run(behind(llc(0xff, 0xff, 0)).payload("abc")).why == reason::malformed);
    CHECK(see.run(behind(llc(0xff, 0xfe, 0)).payload("abc")).why == reason::none);
    CHECK(see.run(behind(llc(0x7f, 0xff, 0)).payload("abc")).why == reason::none);
}

TEST_CASE("one of several, behind a tag too") {
    both any{either_frame};
    auto a = any.run(behind(llc()).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 0 && a.number(2) == 3));
    a = any.run(packet{}.ethernet().vlan({.type = 38}).other(llc()).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 1 && a.number(2) == 3));
    CHECK(any.run(packet{}.ethernet().ipv4().payload("abc")).number(0) == 0);
    CHECK(any.run(packet{}.ethernet().arp()).why == reason::other_protocol);
}

TEST_CASE("what it leads to") {
    both stp{spanning_tree};
    auto const a = stp.run(behind(llc()).payload({0x12, 0x34, 2, 1, 9}));
    CHECK(a.why == reason::none);
    u64 const expected[] = {0x1234, 2, 1, 1};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    CHECK(stp.run(behind(llc(0x43)).payload("01234")).why == reason::other_protocol);
    CHECK(stp.run(behind(llc(0xaa)).payload("01234")).why == reason::other_protocol);
    for (u8 const control : {0x00, 0x01, 0x02, 0x13, 0x7f, 0xbf}) // information, supervision, other commands
        CHECK(stp.run(behind(llc(0x42, 0x42, control)).payload("01234")).why == reason::other_protocol);
}

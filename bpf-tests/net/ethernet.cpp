// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ethernet.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(header<net::ethernet> && sizeof(net::ethernet) == 14);
static_assert(__builtin_offsetof(net::ethernet, dst) == 0 && __builtin_offsetof(net::ethernet, src) == 6);
static_assert(__builtin_offsetof(net::ethernet, type) == 12);
static_assert(is_same<next_key<net::ethernet>, be<net::ether_type>>);
static_assert(follows<net::ethernet, net::ipv4>::value && follows<net::ethernet, net::ipv6>::value);
static_assert(follows<net::ethernet, net::arp>::value && !follows<net::arp, net::ethernet>::value);

TEST_CASE("the fields of a frame") {
    both see{frame};
    auto const a = see.run(
        packet{}.ethernet({.dst = {1, 2, 3, 4, 5, 6}, .src = {7, 8, 9, 10, 11, 12}, .type = 0x88cc}).payload("hello"));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0x0102'0304'0506);
    CHECK(a.number(1) == 0x0708'090a'0b0c);
    CHECK(a.number(2) == 0x88cc);
    CHECK(a.number(3) == 5);
}

TEST_CASE("a frame is whole from 14 bytes on") {
    both see{frame};
    see.sweep(packet{}.ethernet().payload("0123456789"), 14);
    CHECK(see.run(packet{}.ethernet()).number(3) == 0);
}

TEST_CASE("its type says what follows") {
    both see{follows_frame};
    CHECK(see.run(packet{}.ethernet().ipv4()).number(0) == 1);
    CHECK(see.run(packet{}.ethernet().ipv6()).number(1) == 1);
    CHECK(see.run(packet{}.ethernet().arp()).number(2) == 1);
}

TEST_CASE("any other type is another protocol, an 802.3 length too") {
    both see{follows_frame};
    for (u16 const type : {0x0000, 0x002e, 0x05dc, 0x05ff, 0x0600, 0x0801, 0x8100, 0x88a8, 0x86dc, 0x8847, 0xffff})
        CHECK(see.run(packet{}.ethernet({.type = type}).ipv4().tcp()).why == reason::other_protocol);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "arp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(header<net::arp> && sizeof(net::arp) == 28 && !parent<net::arp>);
static_assert(__builtin_offsetof(net::arp, operation) == 6 && __builtin_offsetof(net::arp, sender_hardware) == 8);
static_assert(__builtin_offsetof(net::arp, sender_protocol) == 14 &&
              __builtin_offsetof(net::arp, target_hardware) == 18);
static_assert(__builtin_offsetof(net::arp, target_protocol) == 24);
constexpr auto of(u16 hardware, u16 protocol, u8 hardware_length, u8 protocol_length, u16 operation) -> net::arp {
    return {be16{hardware},
            be{net::ether_type{protocol}},
            hardware_length,
            protocol_length,
            be16{operation},
            {},
            {},
            {},
            {}};
}
static_assert(of(1, 0x0800, 6, 4, 1).valid() && of(1, 0x0800, 6, 4, 1).is_request() &&
              !of(1, 0x0800, 6, 4, 1).is_reply());
static_assert(of(1, 0x0800, 6, 4, 2).is_reply() && !of(1, 0x0800, 6, 4, 2).is_request());
static_assert(!of(6, 0x0800, 6, 4, 1).valid() && !of(1, 0x86dd, 6, 4, 1).valid());
static_assert(!of(1, 0x0800, 8, 4, 1).valid() && !of(1, 0x0800, 6, 16, 1).valid());

TEST_CASE("the fields of a request") {
    both what{question}, who{parties};
    auto const in = packet{}
                        .ethernet()
                        .arp({.operation = 1,
                              .sender_hardware = {1, 2, 3, 4, 5, 6},
                              .sender_protocol = 0x0a01'0203,
                              .target_hardware = {7, 8, 9, 10, 11, 12},
                              .target_protocol = 0x0a04'0506})
                        .padded(60)
                        .bytes();
    auto a = what.run(in);
    CHECK(a.why == reason::none);
    u64 const expected[] = {1, 0x0800, 6, 4, 1, 1, 0, 18}; // no length field tells padding from payload
    for (u32 i = 0; i < 8; i++) CHECK(a.number(i) == expected[i]);
    a = who.run(in);
    CHECK(a.number(0) == 0x0102'0304'0506);
    CHECK(a.number(1) == 0x0a01'0203);
    CHECK(a.number(2) == 0x0708'090a'0b0c);
    CHECK(a.number(3) == 0x0a04'0506);
    CHECK(a.number(4) == 0);
}

TEST_CASE("a reply, and operations that are neither") {
    both what{question};
    auto a = what.run(packet{}.ethernet().arp({.operation = 2}));
    CHECK(a.number(5) == 0);
    CHECK(a.number(6) == 1);
    for (u16 const operation : {0, 3, 4, 25, 256, 512}) {
        a = what.run(packet{}.ethernet().arp({.operation = operation}));
        CHECK(a.number(4) == operation);
        CHECK(a.number(5) + a.number(6) == 0);
    }
}

TEST_CASE("ARP is whole from 28 bytes on, behind any number of tags") {
    both what{question}, who{parties};
    what.sweep(packet{}.ethernet().arp().padded(60), 42);
    who.sweep(packet{}.ethernet().arp().padded(60), 42);
    who.sweep(packet{}.ethernet().vlan(1).arp().padded(64), 46);
    who.sweep(packet{}.ethernet().vlan(1, 0x88a8).vlan(2).arp().padded(68), 50);
}

TEST_CASE("other hardware and other protocols are malformed here") {
    both what{question}, who{parties};
    for (u16 const type : {0, 2, 6, 256, 0xffff})
        CHECK(what.run(packet{}.ethernet().arp({.hardware_type = type})).why == reason::malformed);
    for (u16 const type : {0x0000, 0x0806, 0x86dd, 0x0008})
        CHECK(what.run(packet{}.ethernet().arp({.protocol_type = type})).why == reason::malformed);
    for (u32 length = 0; length < 256; length++) {
        auto const l = static_cast<u8>(length);
        CHECK(what.run(packet{}.ethernet().arp({.hardware_length = l})).why ==
              (l == 6 ? reason::none : reason::malformed));
        CHECK(who.run(packet{}.ethernet().vlan(3).arp({.protocol_length = l})).why ==
              (l == 4 ? reason::none : reason::malformed));
    }
}

TEST_CASE("what is not ARP") {
    both what{question};
    CHECK(what.run(packet{}.ethernet({.type = 0x0800}).arp()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet({.type = 0x8035}).arp()).why == reason::other_protocol); // reverse ARP
    CHECK(what.run(packet{}.ethernet().vlan(1).arp()).why == reason::other_protocol);
}

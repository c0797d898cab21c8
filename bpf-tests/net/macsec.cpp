// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "macsec.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::macsec> && sizeof(net::macsec) == 6);
static_assert(__builtin_offsetof(net::macsec, short_length) == 1 &&
              __builtin_offsetof(net::macsec, packet_number) == 2);
static_assert(matches(net::macsec::id, net::ether_type{0x88e5}) && !matches(net::macsec::id, net::ether_type{0x88e6}));
constexpr auto with(u8 tci, u8 length = 0) -> net::macsec { return {tci, length, be32{7}}; }
static_assert(with(0x20).valid() && with(0x40).valid() && with(0x50).valid() && with(0, 63).valid());
static_assert(with(0x23).valid() && with(0x21).valid() && with(0x43).valid()); // whatever the association
static_assert(!with(0x80).valid() && !with(0x60).valid() && !with(0x30).valid());
static_assert(!with(0, 0x40).valid() && !with(0, 0x80).valid());
static_assert(with(0x20).options() == 8 && with(0xdf).options() == 0 && with(0x20).has_sci() && !with(0xdf).has_sci());
static_assert(with(0x08).is_encrypted() && !with(0xf7).is_encrypted() && with(0xff).association() == 3);
static_assert(with(0).is_readable() && !with(4).is_readable() && !with(8).is_readable() && !with(12).is_readable());
static_assert(with(0).next() != net::no_ether_type && with(8).next() == net::no_ether_type);
static_assert(with(0x20, 30).covers() == 44 && with(0, 30).covers() == 36 && with(0).covers() == 0x7fffffff);

static auto sectag(u8 tci, u8 length = 0) -> byte_string {
    byte_string b{tci, length, 0, 0, 1, 0};
    return tci & 0x20 ? joined(b, {1, 2, 3, 4, 5, 6, 7, 8}) : b;
}
/// What is signed starts with its EtherType.
static auto signed_as(u16 type, byte_string const &header) -> packet {
    return packet{}.ethernet().other(header, 0x88e5).payload({static_cast<u8>(type >> 8), static_cast<u8>(type)});
}

TEST_CASE("the fields of the tag") {
    both see{tag};
    auto a = see.run(packet{}.ethernet().other(sectag(0x2e), 0x88e5).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {256, 1, 1, 2, 8, 0x0102030405060708, 6};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
    a = see.run(packet{}.ethernet().other(sectag(0x41), 0x88e5).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const without[] = {256, 0, 0, 1, 0, 0, 6};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == without[i]);
}

TEST_CASE("cut off at every length") {
    both see{tag}, ip{inner}, tags{tagged}, steps{by_steps};
    for (u8 const tci : {0x00, 0x20}) {
        auto const size = sectag(tci).size();
        see.sweep(packet{}.ethernet().other(sectag(tci), 0x88e5).payload("abc"), 14 + size);
        ip.sweep(signed_as(0x0800, sectag(tci)).ipv4().tcp().payload("abc"), 16 + size + 40);
        ip.sweep(signed_as(0x86dd, sectag(tci)).ipv6().tcp().payload("abc"), 16 + size + 60);
        tags.sweep(signed_as(0x0800, sectag(tci)).ipv4().payload("abc"), 16 + size + 20);
        tags.sweep(signed_as(0x8100, sectag(tci)).vlan(5).ipv4().payload("abc"), 16 + size + 24);
        steps.sweep(signed_as(0x86dd, sectag(tci)).ipv6().payload("abc"), 16 + size + 40);
    }
}

TEST_CASE("version 1, reserved bits, and an SCI where it is implied are malformed") {
    both see{tag};
    for (u8 const tci : {0x80, 0xa0, 0x60, 0x30, 0x70})
        CHECK(see.run(packet{}.ethernet().other(sectag(tci), 0x88e5).payload("abcdefgh")).why == reason::malformed);
    for (u8 const length : {0x40, 0x80, 0xc0, 0xff})
        CHECK(see.run(packet{}.ethernet().other(sectag(0, length), 0x88e5).payload("abcdefgh")).why ==
              reason::malformed);
}

TEST_CASE("what it leads to") {
    both see{tag}, ip{inner}, tags{tagged}, steps{by_steps};
    for (u8 const tci : {0x00, 0x20, 0x40, 0x43}) {
        auto a = ip.run(signed_as(0x0800, sectag(tci)).ipv4().tcp({.dst = 443}).payload("abc"));
        CHECK(a.why == reason::none);
        CHECK((a.number(0) == (tci == 0x20) && a.number(1) == 1 && a.number(2) == 443 && a.number(3) == 3));
        a = ip.run(signed_as(0x86dd, sectag(tci)).ipv6().tcp({.dst = 443}).payload("abc"));
        CHECK((a.why == reason::none && a.number(1) == 0 && a.number(2) == 443 && a.number(3) == 3));
        for (u8 const hidden : {0x04, 0x08, 0x0c}) // changed, encrypted
            CHECK(ip.run(signed_as(0x0800, sectag(static_cast<u8>(tci | hidden))).ipv4().tcp()).why ==
                  reason::other_protocol);
    }
    auto const a = tags.run(signed_as(0x8100, sectag(0)).vlan({.tci = 5, .type = 0x0800}).ipv4({.ttl = 9}));
    CHECK((a.why == reason::none && a.number(0) == 0 && a.number(1) == 1 && a.number(2) == 9));
    CHECK(ip.run(signed_as(0x0806, sectag(0)).arp().payload(byte_string(20))).why == reason::other_protocol);
    CHECK(steps.run(signed_as(0x86dd, sectag(0x22)).ipv6()).number(0) == 2);
    CHECK(see.run(packet{}.ethernet().other(sectag(0), 0x88e6)).why == reason::other_protocol);
    CHECK(tags.run(signed_as(0x0806, sectag(0))).why == reason::other_protocol); // nothing behind the type
}

TEST_CASE("the length of a short frame leaves out signature and padding; a longer one does not extend it") {
    both see{tag}, ip{inner}, tags{tagged};
    for (u8 const tci : {0x00, 0x20})
        for (u8 length = 1; length < 64; length++) {
            INFO("SCI " << (tci != 0) << ", length " << static_cast<int>(length));
            auto const in = signed_as(0x0800, sectag(tci, length)).ipv4().tcp().payload("abcd").bytes();
            CHECK(see.run(in).number(6) == std::min<u32>(length, 46));
            auto const a = ip.run(in);
            CHECK(a.why == (length < 42 ? reason::truncated : reason::none));
            if (length >= 42) CHECK(a.number(3) == std::min<u32>(length - 42, 4));
            CHECK(tags.run(in).why == (length < 22 ? reason::truncated : reason::none));
        }
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "pppoe.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::patched;

static_assert(header<net::pppoe> && sizeof(net::pppoe) == 8);
static_assert(__builtin_offsetof(net::pppoe, code) == 1 && __builtin_offsetof(net::pppoe, session_id) == 2);
static_assert(__builtin_offsetof(net::pppoe, length) == 4 && __builtin_offsetof(net::pppoe, ppp_protocol) == 6);
static_assert(matches(net::pppoe::id, net::ether_type{0x8864}) && !matches(net::pppoe::id, net::ether_type{0x8863}));
constexpr auto with(u16 protocol) -> net::pppoe { return {0x11, 0, be16{7}, be16{42}, be16{protocol}}; }
static_assert(with(0x21).valid() && with(0x21).covers() == 48 && with(0x21).next() == net::ether_type{0x0800});
static_assert(with(0x57).next() == net::ether_type{0x86dd} && with(0x281).next() == net::ether_type{0x8847});
static_assert(with(0xc021).next() == net::no_ether_type && with(0x2100).next() == net::no_ether_type);
static_assert(!net::pppoe{0x12, 0, {}, {}, {}}.valid() && !net::pppoe{0x21, 0, {}, {}, {}}.valid());
static_assert(!net::pppoe{0x11, 7, {}, {}, {}}.valid());

static auto pppoe(u16 protocol, std::size_t inside) -> byte_string {
    auto const length = inside + 2;
    return {0x11,
            0,
            0,
            7,
            static_cast<u8>(length >> 8),
            static_cast<u8>(length),
            static_cast<u8>(protocol >> 8),
            static_cast<u8>(protocol)};
}
static auto behind(byte_string const &header, u16 type = 0x8864) -> packet {
    return packet{}.ethernet().other(header, type);
}

TEST_CASE("the fields of the header") {
    both see{session};
    auto const a = see.run(behind(pppoe(0xc021, 6)).payload("inside").padded(60));
    CHECK(a.why == reason::none);
    u64 const expected[] = {7, 8, 0xc021, 6};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("cut off at every length") {
    both see{session}, ip{inner}, mpls{labels}, some{perhaps};
    see.sweep(behind(pppoe(0x21, 3)).payload("abc"), 22);
    ip.sweep(behind(pppoe(0x21, 43)).ipv4().tcp().payload("abc"), 62);
    ip.sweep(behind(pppoe(0x57, 63)).ipv6().tcp().payload("abc"), 82);
    ip.sweep(packet{}.ethernet().vlan(5).vlan(6).other(pppoe(0x21, 43), 0x8864).ipv4().tcp().payload("abc"), 70);
    mpls.sweep(behind(pppoe(0x281, 27)).payload({0, 0, 0x71, 64}).ipv4().payload("abc"), 46);
    some.sweep(behind(pppoe(0x21, 43)).ipv4().tcp().payload("abc"), 62);
    some.sweep(packet{}.ethernet().ipv6().tcp().payload("abc"), 74);
}

TEST_CASE("other versions, types and codes are malformed") {
    both see{session};
    auto const good = pppoe(0x21, 3);
    for (u8 const version_type : {0x00, 0x10, 0x01, 0x12, 0x21, 0xff})
        CHECK(see.run(behind(patched(good, 0, {version_type})).payload("abc")).why == reason::malformed);
    for (u8 const code : {0x07, 0x09, 0x19, 0x65, 0xa7, 1}) // those of discovery
        CHECK(see.run(behind(patched(good, 1, {code})).payload("abc")).why == reason::malformed);
}

TEST_CASE("what it leads to") {
    both see{session}, ip{inner}, mpls{labels}, some{perhaps};
    auto a = ip.run(behind(pppoe(0x21, 43)).ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 7 && a.number(1) == 1 && a.number(2) == 443 && a.number(3) == 3));
    a = ip.run(packet{}.ethernet().vlan(5).other(pppoe(0x57, 63), 0x8864).ipv6().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 7 && a.number(1) == 0 && a.number(2) == 443 && a.number(3) == 3));
    a = mpls.run(behind(pppoe(0x281, 27)).payload({0, 0, 0x71, 64}).ipv4().payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 7 && a.number(1) == 3));
    for (u16 const protocol : {0xc021, 0xc023, 0x8021, 0x8057, 0x0057 + 0x0100, 0x2100, 0x5700})
        CHECK(ip.run(behind(pppoe(protocol, 40)).ipv4().tcp()).why == reason::other_protocol);
    CHECK(see.run(behind(pppoe(0x21, 40), 0x8863).ipv4().tcp()).why == reason::other_protocol);
    CHECK(ip.run(packet{}.ethernet().ipv4().tcp().payload(byte_string(20))).why == reason::other_protocol);
    CHECK(some.run(behind(pppoe(0x57, 60)).ipv6().tcp()).number(0) == 1);
    CHECK(some.run(packet{}.ethernet().ipv4().tcp()).number(0) == 0);
}

TEST_CASE("the length limits what follows: padding is none of it, and a longer one does not extend it") {
    both see{session}, ip{inner};
    for (u16 length = 0; length < 50; length++) {
        INFO("length " << length);
        auto const header = patched(pppoe(0x21, 0), 4, {0, static_cast<u8>(length)});
        auto const in = behind(header).ipv4().tcp().payload("abcd").bytes();
        auto a = see.run(in);
        CHECK(a.why == (length < 2 ? reason::truncated : reason::none));
        if (length >= 2) CHECK(a.number(3) == std::min<u32>(length - 2, 44));
        a = ip.run(in);
        CHECK(a.why == (length < 42 ? reason::truncated : reason::none));
        if (length >= 42) CHECK(a.number(3) == std::min<u32>(length - 42, 4));
    }
}

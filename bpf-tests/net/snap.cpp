// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "snap.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::snap> && sizeof(net::snap) == 5 && __builtin_offsetof(net::snap, type) == 3);
static_assert(matches(net::snap::id, net::lsap{0xaa}) && !matches(net::snap::id, net::lsap{0xab}));
constexpr auto with(u8 a, u8 b, u8 c) -> net::snap { return {{a, b, c}, be{net::ether_type{0x0800}}}; }
static_assert(with(0, 0, 0).has_ether_type() && with(0, 0, 0).next() == net::ether_type{0x0800});
static_assert(with(0, 0, 0xf8).next() == net::ether_type{0x0800});
static_assert(!with(0, 0, 0x0c).has_ether_type() && with(0, 0, 0x0c).next() == net::no_ether_type);
static_assert(!with(1, 0, 0).has_ether_type() && !with(0, 1, 0).has_ether_type());

static auto snap(u16 type, byte_string const &oui = {0, 0, 0}) -> byte_string {
    return joined({0xaa, 0xaa, 3}, joined(oui, {static_cast<u8>(type >> 8), static_cast<u8>(type)}));
}
static auto behind(byte_string const &header) -> packet { return packet{}.ethernet({.type = 38}).other(header); }

TEST_CASE("the fields of the header") {
    both see{plain_fields};
    auto const a = see.run(behind(snap(0x2000, {1, 2, 0x0c})).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {1, 2, 0x0c, 0x2000, 0, 6};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
    CHECK(see.run(behind(snap(0x0800)).payload("inside")).number(4) == 1);
}

TEST_CASE("cut off at every length") {
    both see{plain_fields}, ip{inner}, arp{both_forms};
    see.sweep(behind(snap(0x0800)).payload("abc"), 22);
    ip.sweep(behind(snap(0x0800)).ipv4().tcp().payload("abc"), 62);
    ip.sweep(behind(snap(0x86dd)).ipv6().tcp().payload("abc"), 82);
    arp.sweep(behind(snap(0x0806)).arp().payload("abc"), 50);
    arp.sweep(packet{}.ethernet().arp().payload("abc"), 42);
}

TEST_CASE("what it leads to") {
    both see{plain_fields}, ip{inner}, arp{both_forms};
    auto a = ip.run(behind(snap(0x0800)).ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 443 && a.number(2) == 3));
    CHECK(ip.run(behind(snap(0x0800, {0, 0, 0xf8})).ipv4().tcp()).why == reason::none);
    CHECK(ip.run(behind(snap(0x86dd)).ipv6().tcp()).number(0) == 0);
    for (auto const &oui : {byte_string{0, 0, 0x0c}, {0, 0x80, 0xc2}, {1, 0, 0}, {0, 1, 0}})
        CHECK(ip.run(behind(snap(0x0800, oui)).ipv4().tcp()).why == reason::other_protocol);
    CHECK(ip.run(behind(snap(0x0806)).arp().payload(byte_string(40))).why == reason::other_protocol);
    CHECK(see.run(packet{}.ethernet({.type = 38}).other({0xaa, 0xaa, 0}).payload(byte_string(9))).why ==
          reason::other_protocol);
    CHECK(see.run(packet{}.ethernet({.type = 38}).other({0x42, 0x42, 3}).payload(byte_string(9))).why ==
          reason::other_protocol);
    a = arp.run(behind(snap(0x0806)).arp());
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 1 && a.number(2) == 1));
    a = arp.run(packet{}.ethernet().arp());
    CHECK((a.why == reason::none && a.number(0) == 0 && a.number(1) == 0 && a.number(2) == 1));
}

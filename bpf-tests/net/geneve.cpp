// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "geneve.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::geneve> && sizeof(net::geneve) == 8);
static_assert(__builtin_offsetof(net::geneve, flags) == 1 && __builtin_offsetof(net::geneve, protocol_type) == 2);
static_assert(__builtin_offsetof(net::geneve, vni_reserved) == 4);
static_assert(matches(net::geneve::id, net::udp_port{6081}) && !matches(net::geneve::id, net::udp_port{6080}));
constexpr net::geneve sample{0x3f, 0xc0, be{net::ether_type{0x6558}}, be32{0x123456ff}};
static_assert(sample.valid() && sample.options() == 252 && sample.vni() == 0x123456 && sample.is_control());
static_assert(sample.has_critical() && sample.next() == net::ether_type{0x6558});
static_assert(!net::geneve{0, 0x3f, {}, {}}.is_control() && !net::geneve{0, 0x3f, {}, {}}.has_critical());
static_assert(!net::geneve{0x40, 0, {}, {}}.valid() && !net::geneve{0x80, 0, {}, {}}.valid());

static auto geneve(u8 words, u16 type, u8 version = 0, u8 flags = 0) -> byte_string {
    byte_string b{
        static_cast<u8>(version << 6 | words), flags, static_cast<u8>(type >> 8), static_cast<u8>(type), 0, 0, 7, 0};
    b.resize(8 + words * 4u, 0x5a);
    return b;
}
static auto in_udp(byte_string const &header, u16 port = 6081) -> packet {
    return packet{}.ethernet().ipv4().udp({.dst = port}).other(header);
}

TEST_CASE("fields, and options of every length") {
    both see{tunnel};
    for (u8 words = 0; words < 64; words++) {
        auto const a = see.run(in_udp(geneve(words, 0x6558, 0, 0x40)).payload("inside"));
        CHECK(a.why == reason::none);
        u64 const expected[] = {0x6558, 7, 0, 1, words * 4u, words == 0 ? 0u : 0x5a5a, 6};
        for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
    }
    auto const a = see.run(packet{}.ethernet().ipv6().udp({.dst = 6081}).other(geneve(1, 1, 0, 0x80)));
    CHECK((a.why == reason::none && a.number(2) == 1 && a.number(3) == 0));
}

TEST_CASE("cut off at every length") {
    both see{tunnel}, frame{inner_frame}, ip{inner_ip};
    for (u8 const words : {0, 1, 2, 63}) {
        see.sweep(in_udp(geneve(words, 0)).payload("abc").padded(60), 50 + words * 4u);
        frame.sweep(in_udp(geneve(words, 0x6558)).ethernet().ipv4().tcp().payload("abc"), 104 + words * 4u);
        ip.sweep(in_udp(geneve(words, 0x0800)).ipv4().payload("abc"), 70 + words * 4u);
        ip.sweep(in_udp(geneve(words, 0x86dd)).ipv6().payload("abc"), 90 + words * 4u);
    }
}

TEST_CASE("there is no version but 0") {
    both see{tunnel};
    for (u8 version = 1; version < 4; version++)
        CHECK(see.run(in_udp(geneve(0, 0x6558, version)).payload("abc")).why == reason::malformed);
}

TEST_CASE("what it leads to") {
    both frame{inner_frame}, ip{inner_ip};
    auto const a = frame.run(in_udp(geneve(2, 0x6558)).ethernet().ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 7 && a.number(1) == 443 && a.number(2) == 3));
    CHECK(ip.run(in_udp(geneve(0, 0x0800)).ipv4().payload("abc")).number(0) == 1);
    CHECK(ip.run(in_udp(geneve(0, 0x86dd)).ipv6().payload("abc")).number(0) == 0);
    CHECK(ip.run(in_udp(geneve(0, 0x6558)).ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(frame.run(in_udp(geneve(0, 0x0800)).ipv4().tcp().payload(byte_string(20))).why == reason::other_protocol);
    CHECK(frame.run(in_udp(geneve(0, 0x6558), 6080).ethernet().ipv4().tcp()).why == reason::other_protocol);
}

TEST_CASE("a UDP length that ends within the options") {
    both see{tunnel};
    for (u16 length = 8; length < 24; length++)
        CHECK(see.run(packet{}.ethernet().ipv4().udp({.dst = 6081, .length = length}).other(geneve(2, 0)).payload("a"))
                  .why == reason::truncated);
}

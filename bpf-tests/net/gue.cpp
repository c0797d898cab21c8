// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "gue.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::gue> && sizeof(net::gue) == 4);
static_assert(__builtin_offsetof(net::gue, protocol_type) == 1 && __builtin_offsetof(net::gue, flags) == 2);
static_assert(matches(net::gue::id, net::udp_port{6080}) && !matches(net::gue::id, net::udp_port{6081}));
constexpr net::gue sample{0x1f, 6, {}}, control{0x21, 6, {}};
static_assert(sample.valid() && sample.options() == 124 && sample.next() == net::ip_proto{6} && !sample.is_control());
static_assert(control.valid() && control.options() == 4 && control.is_control());
static_assert(control.next() == net::no_ip_proto);
static_assert(!net::gue{0x40, 0, {}}.valid() && !net::gue{0x80, 0, {}}.valid());

static auto gue(u8 words, u8 protocol, u8 top = 0) -> byte_string {
    byte_string b{static_cast<u8>(top << 5 | words), protocol, 0x12, 0x34};
    b.resize(4 + words * 4u, 0x5a);
    return b;
}
static auto in_udp(byte_string const &header, u16 port = 6080) -> packet {
    return packet{}.ethernet().ipv4().udp({.dst = port}).other(header);
}

TEST_CASE("fields, and optional fields of every length") {
    both see{tunnel};
    for (u8 words = 0; words < 32; words++) {
        auto const a = see.run(in_udp(gue(words, 6)).payload("inside"));
        CHECK(a.why == reason::none);
        u64 const expected[] = {6, 0x1234, 0, words * 4u, 6};
        for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == expected[i]);
    }
    auto const a = see.run(packet{}.ethernet().ipv6().udp({.dst = 6080}).other(gue(1, 9, 1)).payload("abc"));
    CHECK((a.why == reason::none && a.number(2) == 1 && a.number(3) == 4 && a.number(4) == 3));
}

TEST_CASE("cut off at every length") {
    both see{tunnel}, ip{inner}, tcp{direct};
    for (u8 const words : {0, 1, 31}) {
        see.sweep(in_udp(gue(words, 6)).payload("abc").padded(60), 46 + words * 4u);
        ip.sweep(in_udp(gue(words, 4)).ipv4().tcp().payload("abc"), 86 + words * 4u);
        ip.sweep(in_udp(gue(words, 41)).ipv6().tcp().payload("abc"), 106 + words * 4u);
        tcp.sweep(in_udp(gue(words, 6)).tcp().payload("abc"), 66 + words * 4u);
    }
}

TEST_CASE("other variants are malformed, variant 1 too") {
    both see{tunnel};
    for (u8 const top : {2, 3, 4, 5, 6, 7})
        CHECK(see.run(in_udp(gue(0, 4, top)).payload("abc")).why == reason::malformed);
    CHECK(see.run(packet{}.ethernet().ipv4().udp({.dst = 6080}).ipv4().tcp()).why == reason::malformed);
    CHECK(see.run(packet{}.ethernet().ipv4().udp({.dst = 6080}).ipv6().tcp()).why == reason::malformed);
}

TEST_CASE("what it leads to") {
    both ip{inner}, tcp{direct};
    auto a = ip.run(in_udp(gue(1, 4)).ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 443 && a.number(2) == 3));
    a = ip.run(in_udp(gue(1, 41)).ipv6().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 0 && a.number(1) == 443));
    a = tcp.run(in_udp(gue(1, 6)).tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 443 && a.number(1) == 3));
    CHECK(ip.run(in_udp(gue(0, 6)).tcp().payload(byte_string(40))).why == reason::other_protocol);
    CHECK(tcp.run(in_udp(gue(0, 17)).tcp()).why == reason::other_protocol);
    CHECK(tcp.run(in_udp(gue(0, 6), 6081).tcp()).why == reason::other_protocol);
    // a control message of type 6 carries no TCP
    CHECK(tcp.run(in_udp(gue(0, 6, 1)).tcp()).why == reason::other_protocol);
}

TEST_CASE("a UDP length that ends within the optional fields") {
    both see{tunnel};
    for (u16 length = 8; length < 20; length++)
        CHECK(see.run(packet{}.ethernet().ipv4().udp({.dst = 6080, .length = length}).other(gue(2, 6)).payload("a"))
                  .why == reason::truncated);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "gre.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::gre> && sizeof(net::gre) == 4);
static_assert(__builtin_offsetof(net::gre, flags) == 0 && __builtin_offsetof(net::gre, version) == 1);
static_assert(__builtin_offsetof(net::gre, protocol) == 2);
static_assert(matches(net::gre::id, net::ip_proto{47}) && !matches(net::gre::id, net::ip_proto{48}));
static_assert(is_same<next_key<net::gre>, be<net::ether_type>>);
constexpr net::gre bare{0, 0, be{net::ether_type{0x0800}}}, all{0xb0, 0, {}};
static_assert(bare.valid() && bare.options() == 0 && bare.next() == net::ether_type{0x0800});
static_assert(!bare.has_checksum() && !bare.has_key() && !bare.has_sequence());
static_assert(all.valid() && all.options() == 12 && all.has_checksum() && all.has_key() && all.has_sequence());
static_assert(net::gre{0x20, 0, {}}.options() == 4 && net::gre{0x90, 0, {}}.options() == 8);
static_assert(net::gre{0x0f, 0, {}}.options() == 0 && net::gre{0xbf, 0, {}}.options() == 12); // reserved bits
static_assert(!net::gre{0xdf, 0, {}}.has_key() && !net::gre{0x7f, 0, {}}.has_checksum());
static_assert(!net::gre{0xef, 0, {}}.has_sequence());
static_assert(!net::gre{0x40, 0, {}}.valid() && !net::gre{0, 1, {}}.valid() && net::gre{0, 0xf8, {}}.valid());

/// With the optional fields that the flags ask for.
static auto gre(u8 flags, u16 type, u8 version = 0) -> byte_string {
    byte_string b{flags, version, static_cast<u8>(type >> 8), static_cast<u8>(type)};
    if (flags & 0x80) b = joined(b, {0xab, 0xcd, 0, 0});
    if (flags & 0x20) b = joined(b, {0, 0, 0, 7});
    if (flags & 0x10) b = joined(b, {0, 0, 1, 0});
    return b;
}
static auto in_ip(byte_string const &header) -> packet { return packet{}.ethernet().ipv4().other(header, {}, 47); }

constexpr u8 combinations[] = {0, 0x80, 0x20, 0x10, 0xa0, 0x90, 0x30, 0xb0};

TEST_CASE("the flags tell how long it is") {
    both see{plain_fields}, read{optional_fields};
    for (u8 const flags : combinations) {
        INFO("flags " << static_cast<int>(flags));
        auto const in = in_ip(gre(flags, 0x0800)).payload("inside").bytes();
        auto const a = see.run(in);
        bool const checksum = flags & 0x80, key = flags & 0x20, sequence = flags & 0x10;
        CHECK(a.why == reason::none);
        u64 const expected[] = {0x0800, checksum, key, sequence, (checksum + key + sequence) * 4u, 6};
        for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
        auto const b = read.run(in);
        auto const why = [](bool there) { return static_cast<u64>(there ? reason::none : reason::not_found); };
        u64 const values[] = {why(checksum), checksum ? 0xabcdu : 0, why(key),
                              key ? 7u : 0,  why(sequence),          sequence ? 256u : 0};
        for (u32 i = 0; i < 6; i++) CHECK(b.number(i) == values[i]);
    }
    CHECK(see.run(packet{}.ethernet().ipv6().other(gre(0x20, 0x86dd), {}, 47).payload("abc")).number(5) == 3);
}

TEST_CASE("cut off at every length") {
    both see{plain_fields}, ip{inner_ip}, frame{inner_frame};
    for (u8 const flags : combinations) {
        auto const size = gre(flags, 0).size();
        see.sweep(in_ip(gre(flags, 0x0800)).payload("abc").padded(60), 34 + size);
        ip.sweep(in_ip(gre(flags, 0x0800)).ipv4().tcp().payload("abc"), 34 + size + 40);
        ip.sweep(in_ip(gre(flags, 0x86dd)).ipv6().tcp().payload("abc"), 34 + size + 60);
        frame.sweep(in_ip(gre(flags, 0x6558)).ethernet().ipv4().tcp().payload("abc"), 34 + size + 54);
    }
}

TEST_CASE("other versions and source routes are malformed, reserved bits are not") {
    both see{plain_fields};
    for (u8 version = 1; version < 8; version++)
        CHECK(see.run(in_ip(gre(0, 0x0800, version)).payload("abcdefgh")).why == reason::malformed);
    CHECK(see.run(in_ip(gre(0x40, 0x0800)).payload("abcdefgh")).why == reason::malformed);
    CHECK(see.run(in_ip(gre(0x0f, 0x0800, 0xf8)).payload("abcdefgh")).why == reason::none);
}

TEST_CASE("what it leads to") {
    both see{plain_fields}, ip{inner_ip}, frame{inner_frame};
    auto a = ip.run(in_ip(gre(0x20, 0x0800)).ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 443 && a.number(2) == 3));
    a = ip.run(in_ip(gre(0x20, 0x86dd)).ipv6().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 0 && a.number(1) == 443 && a.number(2) == 3));
    a = frame.run(in_ip(gre(0x30, 0x6558)).ethernet().ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 0x0800 && a.number(1) == 443 && a.number(2) == 3));
    CHECK(ip.run(in_ip(gre(0, 0x6558)).ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(frame.run(in_ip(gre(0, 0x0800)).ipv4().tcp().payload(byte_string(14))).why == reason::other_protocol);
    CHECK(see.run(packet{}.ethernet().ipv4().other(gre(0, 0x0800), {}, 46)).why == reason::other_protocol);
}

TEST_CASE("an IP length that ends within the header") {
    both see{plain_fields};
    for (u16 total = 20; total < 36; total++)
        CHECK(see.run(packet{}.ethernet().ipv4({.total_length = total}).other(gre(0xb0, 0x0800), {}, 47)).why ==
              reason::truncated);
}

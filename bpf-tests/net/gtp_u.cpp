// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "gtp_u.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::gtp_u> && sizeof(net::gtp_u) == 8);
static_assert(__builtin_offsetof(net::gtp_u, message_type) == 1 && __builtin_offsetof(net::gtp_u, length) == 2);
static_assert(__builtin_offsetof(net::gtp_u, teid) == 4);
static_assert(matches(net::gtp_u::id, net::udp_port{2152}) && !matches(net::gtp_u::id, net::udp_port{2123}));
constexpr net::gtp_u sample{0x36, 255, be16{100}, be32{7}};
static_assert(sample.valid() && sample.covers() == 108 && sample.is_user_data());
static_assert(sample.has_extension() && sample.has_sequence() && !sample.has_n_pdu());
static_assert(!net::gtp_u{0x30, 1, {}, {}}.is_user_data() && net::gtp_u{0x31, 1, {}, {}}.has_n_pdu());
static_assert(!net::gtp_u{0x20, 255, {}, {}}.valid() && !net::gtp_u{0x50, 255, {}, {}}.valid());

/// Extension headers of so many times four bytes.
static auto extensions(std::vector<u8> const &words) -> byte_string {
    byte_string b{0, 1, 0, static_cast<u8>(words.empty() ? 0 : 0x85)};
    for (std::size_t i = 0; i < words.size(); i++) {
        byte_string one(words[i] * 4u, 0x5a);
        one[0] = words[i];
        one.back() = i + 1 < words.size() ? 0x85 : 0;
        b = joined(b, one);
    }
    return b;
}
static auto gtp(u8 flags, byte_string const &optional, std::size_t inside, u8 type = 255) -> byte_string {
    auto const length = optional.size() + inside;
    return joined({flags, type, static_cast<u8>(length >> 8), static_cast<u8>(length), 0, 0, 0, 7}, optional);
}
static auto in_udp(byte_string const &header, u16 port = 2152) -> packet {
    return packet{}.ethernet().ipv4().udp({.dst = port}).other(header);
}

TEST_CASE("the fields of the header") {
    both see{tunnel};
    auto a = see.run(in_udp(gtp(0x36, {}, 6, 1)).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {1, 6, 7, 1, 1, 0, 6};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
    a = see.run(packet{}.ethernet().ipv6().udp({.dst = 2152}).other(gtp(0x31, {}, 6)).payload("inside"));
    CHECK((a.why == reason::none && a.number(3) == 0 && a.number(4) == 0 && a.number(5) == 1));
}

TEST_CASE("cut off at every length") {
    both see{tunnel}, user{user_packet}, any{over_any}, steps{by_steps};
    see.sweep(in_udp(gtp(0x30, {}, 3)).payload("abc").padded(60), 50);
    user.sweep(in_udp(gtp(0x30, {}, 43)).ipv4().tcp().payload("abc"), 90);
    user.sweep(in_udp(gtp(0x32, extensions({}), 51)).ipv6().udp().payload("abc"), 102);
    user.sweep(in_udp(gtp(0x34, extensions({1}), 43)).ipv4().tcp().payload("abc"), 98);
    user.sweep(in_udp(gtp(0x37, extensions({2, 1, 3}), 43)).ipv4().tcp().payload("abc"), 118);
    any.sweep(packet{}.ethernet().ipv6().udp({.dst = 2152}).other(gtp(0x34, extensions({1}), 20)).ipv4(), 98);
    steps.sweep(in_udp(gtp(0x34, extensions({1}), 43)).ipv6().payload("abc"), 98);
}

TEST_CASE("other versions, and GTP', are malformed") {
    both see{tunnel};
    for (u8 top = 0; top < 16; top++)
        CHECK(see.run(in_udp(gtp(static_cast<u8>(top << 4), {}, 3)).payload("abc")).why ==
              (top == 3 ? reason::none : reason::malformed));
}

TEST_CASE("what is optional is stepped over") {
    both user{user_packet};
    auto const expect = [&](byte_string const &header) {
        for (bool const four : {true, false}) {
            auto in = in_udp(header);
            auto const a = user.run(four ? in.ipv4().tcp({.dst = 443}).payload("abc")
                                         : in.ipv6().udp({.dst = 443}).payload("abc"));
            CHECK(a.why == reason::none);
            u64 const expected[] = {7, four, 443, 3};
            for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
        }
    };
    expect(gtp(0x30, {}, 100));
    expect(gtp(0x38, {}, 100)); // a spare bit
    for (u8 const flags : {0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37}) expect(gtp(flags, extensions({}), 100));
    for (u8 const flags : {0x31, 0x32, 0x33}) // without E, the type of an extension means nothing
        expect(gtp(flags, {0, 1, 0, 0x85}, 100));
    for (auto const &words :
         {std::vector<u8>{1}, {2}, {1, 1}, {1, 2, 3}, {255}, {255, 255, 100}}) // 255: the longest that there is
        expect(gtp(0x34, extensions(words), 100));
}

TEST_CASE("a fourth extension is too deep, one of length zero is malformed") {
    both user{user_packet};
    CHECK(user.run(in_udp(gtp(0x34, extensions({1, 1, 1, 1}), 100)).ipv4().tcp()).why == reason::too_deep);
    CHECK(user.run(in_udp(gtp(0x34, {0, 1, 0, 0x85, 0, 0, 0, 0}, 100)).ipv4().tcp()).why == reason::malformed);
    CHECK(user.run(in_udp(gtp(0x34, {0, 1, 0, 0x85, 255, 0, 0, 0}, 100)).ipv4().tcp()).why == reason::truncated);
}

TEST_CASE("what it leads to") {
    both user{user_packet}, any{over_any}, steps{by_steps};
    for (u8 const type : {0, 1, 2, 26, 31, 254}) // echoes, errors, end marker
        CHECK(user.run(in_udp(gtp(0x30, {}, 40, type)).ipv4().tcp()).why == reason::other_protocol);
    CHECK(user.run(in_udp(gtp(0x30, {}, 60)).ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(user.run(in_udp(gtp(0x30, {}, 40), 2123).ipv4().tcp()).why == reason::other_protocol);
    CHECK(any.run(in_udp(gtp(0x30, {}, 60)).ipv6().payload(byte_string(20))).why == reason::other_protocol);
    for (auto const &header : {gtp(0x30, {}, 1), gtp(0x31, extensions({}), 1), gtp(0x34, extensions({1}), 1)}) {
        auto const byte = packet{}.ethernet().ipv6().udp({.dst = 2152}).other(header).payload({0x50});
        CHECK(any.run(byte).why == reason::other_protocol); // one byte says the version
    }
    auto const a = steps.run(in_udp(gtp(0x34, extensions({1}), 43)).ipv6().payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 7 && a.number(2) == 3));
}

TEST_CASE("a user's packet comes out and goes in") {
    both out{unwrapped}, in{wrapped};
    for (bool const four : {true, false})
        for (u32 const extension : {0, 1}) {
            auto const inside = [&](packet p) {
                return four ? p.ipv4().udp().payload("abc") : p.ipv6().udp().payload("abc");
            };
            auto const header = extension ? gtp(0x34, extensions({1}), four ? 31 : 51) : gtp(0x30, {}, four ? 31 : 51);
            auto const tunnelled =
                inside(packet{}.ethernet().ipv4().udp({.dst = 2152, .checksum = 0}).other(header)).bytes();
            auto const plain = inside(packet{}.ethernet()).bytes();
            auto const a = out.run(tunnelled);
            CHECK((a.number(0) == 7 && a.number(1) == four && a.number(2) == 11));
            CHECK(a.bytes == plain);
            if (four == !extension) CHECK(in.run(plain).bytes == tunnelled);
        }
    CHECK(out.run(in_udp(gtp(0x30, {}, 20)).ipv4({.src = 9})).verdict == xdp::drop);
    out.sweep(in_udp(gtp(0x34, extensions({1}), 20)).ipv4(), 78);
}

TEST_CASE("GTP's length limits what follows, a longer one does not extend it") {
    both see{tunnel}, user{user_packet};
    for (u16 length = 0; length < 48; length++) {
        auto const in = in_udp(gtp(0x30, {}, length)).ipv4().tcp().payload("abcd").bytes();
        CHECK(see.run(in).number(6) == std::min<u32>(length, 44));
        auto const a = user.run(in);
        CHECK(a.why == (length < 40 ? reason::truncated : reason::none));
        if (length >= 40) CHECK(a.number(3) == std::min<u32>(length - 40, 4));
    }
    // the length ends within the extension headers
    for (u16 length = 0; length < 12; length++) {
        auto header = gtp(0x34, extensions({2}), 0);
        header[3] = static_cast<u8>(length);
        CHECK(user.run(in_udp(header).ipv4().tcp()).why == reason::truncated);
    }
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "dccp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::dccp> && sizeof(net::dccp) == 12 && !parent<net::dccp>);
static_assert(__builtin_offsetof(net::dccp, data_offset) == 4 && __builtin_offsetof(net::dccp, checksum) == 6);
static_assert(__builtin_offsetof(net::dccp, type_extended) == 8 && __builtin_offsetof(net::dccp, sequence) == 10);
static_assert(matches(net::dccp::id, net::ip_proto{33}));
constexpr auto of(u8 words, u32 type, bool extended) -> net::dccp {
    return {be16{1}, be16{2}, words, 0, {}, static_cast<u8>(0xe0 | type << 1 | extended), 0, {}};
}
static_assert(of(3, 2, false).valid() && of(3, 2, false).size() == 12 && of(255, 2, false).size() == 1020);
static_assert(of(3, 9, false).type() == 9 && of(3, 9, true).is_extended() && !of(3, 15, false).is_extended());
static_assert(of(3, 0, false).source() == be16{1} && of(3, 0, false).destination() == be16{2});

/// Ports 1234 and 80.
static auto header_of(u32 words, u32 type, bool extended, std::size_t size) -> byte_string {
    byte_string h = {4, 0xd2, 0, 80, static_cast<u8>(words), 0x5a, 0xab, 0xcd};
    h = joined(h, {static_cast<u8>(type << 1 | extended), 7, 0x12, 0x34});
    h.resize(size);
    return h;
}
static auto over_ipv4(byte_string const &h) -> packet { return packet{}.ethernet().ipv4().other(h, {}, 33); }

TEST_CASE("the fields, over either IP") {
    both what{flow}, any{over_any};
    auto const a = what.run(over_ipv4(header_of(6, 4, true, 24)).payload("hello").padded(70));
    CHECK(a.why == reason::none);
    u64 const expected[] = {1234, 80, 0xabcd, 4, 1, 0x1234, 12, 5};
    for (u32 i = 0; i < 8; i++) CHECK(a.number(i) == expected[i]);
    for (auto const &in :
         {over_ipv4(header_of(3, 2, false, 12)).payload("hello").bytes(),
          packet{}.ethernet().ipv6().other(header_of(3, 2, false, 12), {}, 33).payload("hello").bytes()}) {
        auto const b = any.run(in);
        CHECK(b.why == reason::none);
        u64 const both_have[] = {1234, 80, 7, 0x5a, 5};
        for (u32 i = 0; i < 5; i++) CHECK(b.number(i) == both_have[i]);
    }
}

TEST_CASE("cut off at every length, with every data offset") {
    both what{flow}, any{over_any};
    what.sweep(over_ipv4(header_of(3, 2, false, 12)).payload("abc"), 46);
    what.sweep(over_ipv4(header_of(7, 0, true, 28)).payload("abc"), 62);
    any.sweep(packet{}.ethernet().ipv6().other(header_of(4, 3, true, 16), {}, 33).payload("abc"), 70);
    for (u32 words = 0; words < 256; words++)
        for (bool const extended : {false, true}) {
            auto const a = what.run(over_ipv4(header_of(words, 2, extended, 400)));
            CHECK(a.why == (words < (extended ? 4 : 3) ? reason::malformed
                            : words > 100              ? reason::truncated
                                                       : reason::none));
            if (a.why == reason::none) CHECK(a.number(7) == 400 - words * 4);
        }
}

TEST_CASE("types: ten of them, three of which are short") {
    both what{flow};
    for (u32 type = 0; type < 16; type++) {
        CHECK(what.run(over_ipv4(header_of(4, type, true, 16))).why == (type < 10 ? reason::none : reason::malformed));
        CHECK(what.run(over_ipv4(header_of(4, type, false, 16))).why ==
              (type >= 2 && type <= 4 ? reason::none : reason::malformed));
    }
    auto reserved = header_of(3, 2, false, 12);
    reserved[8] |= 0xe0; // reserved bits are not looked at
    CHECK(what.run(over_ipv4(reserved)).number(3) == 2);
}

TEST_CASE("other protocols, and later fragments") {
    both what{flow};
    auto const h = header_of(3, 2, false, 12);
    CHECK(what.run(packet{}.ethernet().ipv4({.protocol = 6}).other(h)).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).other(h, {}, 33)).why == reason::fragment);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tls_client_hello.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::tls_client_hello> && sizeof(net::tls_client_hello) == 35);
static_assert(__builtin_offsetof(net::tls_client_hello, random) == 2);
static_assert(__builtin_offsetof(net::tls_client_hello, session_id_length) == 34);
static_assert(net::tls_client_hello{be16{0x0303}, {}, 32}.valid() &&
              net::tls_client_hello{be16{0x0303}, {}, 9}.options() == 9);
static_assert(!net::tls_client_hello{be16{0x0303}, {}, 33}.valid() &&
              !net::tls_client_hello{be16{0x0203}, {}, 32}.valid());

static auto segment(u8 type, u8 major, u8 session, std::size_t behind, u8 less = 0) -> packet {
    auto const body = static_cast<u8>(35 + behind - less);
    byte_string b = {22, 3, 1, 0, static_cast<u8>(4 + 35 + behind), type, 0, 0, body, major, 3};
    for (u8 i = 1; i <= 32; i++) b.push_back(i);
    b.push_back(session);
    return packet{}.ethernet().ipv4().tcp({.dst = 443}).payload(joined(b, byte_string(behind, 9)));
}

TEST_CASE("the fields, with session IDs of every length") {
    both what{hello};
    for (u32 session = 0; session < 256; session++) {
        auto const a = what.run(segment(1, 3, static_cast<u8>(session), 40));
        CHECK(a.why == (session <= 32 ? reason::none : reason::malformed));
        if (a.why != reason::none) continue;
        u64 const expected[] = {0x0303, 0x0102'0304'0506'0708, session, session, 40 - session};
        for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == expected[i]);
    }
}

TEST_CASE("a session ID that is not all there is truncated, by whichever length") {
    both what{hello};
    CHECK(what.run(segment(1, 3, 32, 32)).why == reason::none);
    CHECK(what.run(segment(1, 3, 32, 31)).why == reason::truncated);
    CHECK(what.run(segment(1, 3, 32, 32, 1)).why == reason::truncated);
    what.sweep(segment(1, 3, 20, 25), 54 + 9 + 35 + 20);
}

TEST_CASE("another message is another protocol, another version is malformed") {
    both what{hello};
    for (u8 const type : {0, 2, 4, 11, 22, 255}) CHECK(what.run(segment(type, 3, 0, 4)).why == reason::other_protocol);
    for (u8 const major : {0, 2, 4, 254}) CHECK(what.run(segment(1, major, 0, 4)).why == reason::malformed);
}

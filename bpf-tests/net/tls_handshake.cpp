// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tls_handshake.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::tls_handshake> && sizeof(net::tls_handshake) == 4);
static_assert(follows<net::tls_record, net::tls_handshake>::value && !follows<net::tcp, net::tls_handshake>::value);
constexpr net::tls_handshake sample{net::tls_message{2}, {0xfe, 0x12, 0x34}};
static_assert(sample.length() == 0xfe1234 && sample.covers() == 0xfe1238 && sample.next() == net::tls_message{2});

static auto segment(u8 record, u8 content, u32 length) -> packet {
    return packet{}
        .ethernet()
        .ipv4()
        .tcp({.dst = 443})
        .payload({content, 3, 3, 0, record, 11, static_cast<u8>(length >> 16), static_cast<u8>(length >> 8),
                  static_cast<u8>(length), 1, 2, 3, 4, 5, 6});
}

TEST_CASE("a message ends where it says, with its record, or with the segment") {
    both what{message};
    for (u8 record = 4; record < 14; record++)
        for (u32 const length : {0u, 1u, 5u, 6u, 7u, 0x100u, 0x10000u, 0xffffffu}) {
            auto const a = what.run(segment(record, 22, length));
            CHECK(a.why == reason::none);
            CHECK(a.number(0) == 11);
            CHECK(a.number(1) == length);
            CHECK(a.number(2) == std::min({record - 4u, length, 6u}));
        }
    for (u8 record = 0; record < 4; record++) CHECK(what.run(segment(record, 22, 6)).why == reason::truncated);
}

TEST_CASE("cut off at every length") {
    both what{message};
    what.sweep(segment(10, 22, 6), 63);
}

TEST_CASE("other records are other protocols") {
    both what{message};
    for (u8 const content : {20, 21, 23, 24}) CHECK(what.run(segment(10, content, 6)).why == reason::other_protocol);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sctp_chunk.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::sctp_chunk> && sizeof(net::sctp_chunk) == 4);
static_assert(__builtin_offsetof(net::sctp_chunk, flags) == 1 && __builtin_offsetof(net::sctp_chunk, length) == 2);
static_assert(follows<net::sctp, net::sctp_chunk>::value && !follows<net::sctp_chunk, net::sctp_chunk>::value);
constexpr net::sctp_chunk sample{net::sctp_chunk_type{1}, 3, be16{20}};
static_assert(sample.valid() && sample.covers() == 20 && sample.next() == net::sctp_chunk_type{1});
static_assert(!net::sctp_chunk{{}, 0, be16{3}}.valid() && net::sctp_chunk{{}, 0, be16{4}}.valid());

static auto chunk(u8 type, u16 length, byte_string const &value) -> packet {
    byte_string const head = {type, 3, static_cast<u8>(length >> 8), static_cast<u8>(length)};
    return packet{}.ethernet().ipv4().other(byte_string(12, 7), {}, 132).payload(joined(head, value));
}
static byte_string const sixteen = {1, 2, 3, 4, 0, 0, 8, 0, 0, 10, 0, 11, 5, 6, 7, 8};

TEST_CASE("the fields of the first chunk, and its value without padding") {
    both what{first_chunk};
    auto const a = what.run(chunk(11, 9, {1, 2, 3, 4, 5, 0, 0, 0, /* the next one */ 14, 0, 0, 4}));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 11);
    CHECK(a.number(1) == 3);
    CHECK(a.number(2) == 9);
    CHECK(a.number(3) == 5);
}

TEST_CASE("the type of a chunk leads to its fields") {
    both what{init};
    auto const a = what.run(chunk(1, 22, joined(sixteen, {9, 9, 0, 0})));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0x0102'0304);
    CHECK(a.number(1) == 10);
    CHECK(a.number(2) == 0x0506'0708);
    CHECK(a.number(3) == 2);
    for (u8 const type : {0, 2, 6, 255}) CHECK(what.run(chunk(type, 20, sixteen)).why == reason::other_protocol);
    for (u16 length = 4; length < 20; length++) CHECK(what.run(chunk(1, length, sixteen)).why == reason::truncated);
}

TEST_CASE("cut off at every length") {
    both what{first_chunk}, inner{init};
    what.sweep(chunk(1, 20, sixteen), 50);
    inner.sweep(chunk(1, 20, sixteen), 66);
}

TEST_CASE("a length below four is malformed, one that is too long ends with the packet") {
    both what{first_chunk};
    for (u16 length = 0; length < 4; length++) CHECK(what.run(chunk(1, length, sixteen)).why == reason::malformed);
    for (u16 const length : {20, 21, 0x7fff, 0xffff}) CHECK(what.run(chunk(1, length, sixteen)).number(3) == 16);
}

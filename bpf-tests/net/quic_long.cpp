// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "quic_long.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::quic_long> && sizeof(net::quic_long) == 5 && !parent<net::quic_long>);
static_assert(__builtin_offsetof(net::quic_long, destination_id_length) == 4);
static_assert(follows<net::quic, net::quic_long>::value && !follows<net::udp, net::quic_long>::value);
static_assert(net::quic_long{{}, 20}.valid() && !net::quic_long{{}, 21}.valid() && net::quic_long{{}, 0}.valid());
static_assert(net::quic_long{{}, 7}.options() == 7);

static auto ids_of(u32 destination, u32 source, std::size_t room) -> packet {
    byte_string b = {0xc0, 0, 0, 0, 1, static_cast<u8>(destination)};
    for (u32 i = 0; i < destination; i++) b.push_back(static_cast<u8>(0x10 + i));
    b.push_back(static_cast<u8>(source));
    for (u32 i = 0; i < source; i++) b.push_back(static_cast<u8>(0x80 + i));
    return packet{}.ethernet().ipv4().udp({.dst = 443}).payload(b).payload(byte_string(room));
}
static auto bytes_of(u32 first, u32 size, u32 from) -> u64 {
    u64 n = 0;
    for (u32 i = from; i < from + 8; i++) n = n << 8 | (i < size ? first + i : 0);
    return n;
}

TEST_CASE("connection IDs of every length") {
    both see{ids}, first{version};
    for (u32 destination = 0; destination <= 22; destination++)
        for (u32 source = 0; source <= 22; source++) {
            auto const a = see.run(ids_of(destination, source, 3));
            CHECK(a.why == (destination > 20 || source > 20 ? reason::malformed : reason::none));
            if (a.why != reason::none) continue;
            u64 const expected[] = {1,
                                    destination,
                                    bytes_of(0x10, destination, 0),
                                    bytes_of(0x10, destination, 16),
                                    source,
                                    bytes_of(0x80, source, 0),
                                    bytes_of(0x80, source, 16)};
            for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
            CHECK(first.run(ids_of(destination, source, 3)).number(2) == 1 + source + 3);
        }
    for (u32 length = 21; length < 256; length++) CHECK(first.run(ids_of(length, 0, 0)).why == reason::malformed);
}

TEST_CASE("cut off at every length") {
    both see{ids}, first{version};
    see.sweep(ids_of(8, 5, 9), 14 + 20 + 8 + 6 + 8 + 1 + 5);
    see.sweep(ids_of(0, 0, 9), 14 + 20 + 8 + 6 + 1);
    see.sweep(ids_of(20, 20, 9), 14 + 20 + 8 + 6 + 41);
    first.sweep(ids_of(20, 20, 9), 14 + 20 + 8 + 6 + 20);
}

TEST_CASE("UDP's length ends it too") {
    both see{ids};
    auto const in = ids_of(8, 5, 9).bytes();
    for (u8 length = 8; length < 37; length++)
        CHECK(see.run(test::patched(in, 39, {length})).why == (length < 28 ? reason::truncated : reason::none));
}

TEST_CASE("a short header is another protocol") {
    both see{version};
    CHECK(see.run(packet{}.ethernet().ipv4().udp({.dst = 443}).payload({0x40, 0, 0, 0, 1, 0, 0})).why ==
          reason::other_protocol);
}

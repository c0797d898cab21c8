// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "udp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(header<net::udp> && sizeof(net::udp) == 8);
static_assert(__builtin_offsetof(net::udp, src) == 0 && __builtin_offsetof(net::udp, dst) == 2);
static_assert(__builtin_offsetof(net::udp, length) == 4 && __builtin_offsetof(net::udp, checksum) == 6);
static_assert(is_same<next_key<net::udp>, be<net::udp_port>>);
constexpr net::udp sample{be{net::udp_port{1234}}, be{net::udp_port{53}}, be16{20}, be16{}};
static_assert(sample.covers() == 20 && sample.next() == net::udp_port{53});
static_assert(sample.source() == be16{1234} && sample.destination() == be16{53});

TEST_CASE("the fields of a datagram") {
    both v4{datagram}, any{over_any};
    auto const in =
        packet{}.ethernet().ipv4().udp({.src = 0xabcd, .dst = 53, .checksum = 0x1234}).payload("hello").bytes();
    auto const a = v4.run(in);
    CHECK(a.why == reason::none);
    u64 const expected[] = {0xabcd, 53, 13, 0x1234, 5, 0xabcd, 53};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
    auto const six =
        packet{}.ethernet().ipv6().udp({.src = 0xabcd, .dst = 53, .checksum = 0x1234}).payload("hello").bytes();
    for (auto const &bytes : {in, six}) {
        auto const b = any.run(bytes);
        CHECK(b.why == reason::none);
        for (u32 i = 0; i < 5; i++) CHECK(b.number(i) == expected[i]);
    }
}

TEST_CASE("cut off at every length") {
    both v4{datagram}, any{over_any};
    v4.sweep(packet{}.ethernet().ipv4().udp().payload("abc").padded(60), 42);
    any.sweep(packet{}.ethernet().ipv4().udp().payload("abc").padded(60), 42);
    any.sweep(packet{}.ethernet().ipv6().udp().payload("abc").padded(70), 62);
}

TEST_CASE("a length below eight is malformed, zero too") {
    both v4{datagram}, any{over_any};
    for (u16 length = 0; length < 8; length++) {
        INFO("UDP length " << length);
        CHECK(v4.run(packet{}.ethernet().ipv4().udp({.length = length}).payload("abcdefgh")).why == reason::malformed);
        CHECK(any.run(packet{}.ethernet().ipv4().udp({.length = length}).payload("abcdefgh")).why == reason::malformed);
        CHECK(any.run(packet{}.ethernet().ipv6().udp({.length = length}).payload("abcdefgh")).why == reason::malformed);
    }
}

TEST_CASE("the payload ends where the first of three ends: UDP's length, IP's, the packet") {
    both v4{datagram}, any{over_any};
    for (u16 length = 8; length < 24; length++)     // 16 are there
        for (u16 total = 28; total < 44; total++) { // 36 are there
            INFO("UDP length " << length << ", IP length " << total);
            auto const expected = std::min<u32>({length - 8u, total - 28u, 8u});
            auto const four =
                packet{}.ethernet().ipv4({.total_length = total}).udp({.length = length}).payload("abcdefgh").bytes();
            for (auto *const program : {&v4, &any}) {
                auto const a = program->run(four);
                CHECK(a.why == reason::none);
                CHECK(a.number(4) == expected);
            }
            auto const a = any.run(packet{}
                                       .ethernet()
                                       .ipv6({.payload_length = static_cast<u16>(total - 20)})
                                       .udp({.length = length})
                                       .payload("abcdefgh"));
            CHECK(a.why == reason::none);
            CHECK(a.number(4) == expected);
        }
    for (u16 const length : {0x7fff, 0x8000, 0xffff})
        CHECK(v4.run(packet{}.ethernet().ipv4().udp({.length = length}).payload("abcdefgh").padded(60)).number(4) == 8);
}

TEST_CASE("an IP length that ends within the header") {
    both v4{datagram}, any{over_any};
    for (u16 total = 20; total < 28; total++) {
        auto const in =
            packet{}.ethernet().ipv4({.total_length = total}).udp({.length = 16}).payload("abcdefgh").bytes();
        CHECK(v4.run(in).why == reason::truncated);
        CHECK(any.run(in).why == reason::truncated);
        CHECK(any.run(packet{}
                          .ethernet()
                          .ipv6({.payload_length = static_cast<u16>(total - 20)})
                          .udp({.length = 16})
                          .payload("abcdefgh"))
                  .why == reason::truncated);
    }
}

TEST_CASE("what a port leads to lies within what UDP's length allows") {
    both own{own_header};
    auto const in = packet{}.ethernet().ipv4().udp({.dst = 53}).payload({0x12, 0x34, 1, 0, 9, 9}).padded(60).bytes();
    auto const a = own.run(in);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0x1234);
    CHECK(a.number(1) == 0x0100);
    CHECK(a.number(2) == 2);
    own.sweep(in, 46);
    CHECK(own.run(packet{}.ethernet().ipv4().udp({.dst = 54}).payload("abcdef")).why == reason::other_protocol);
    for (u16 length = 8; length < 12; length++)
        CHECK(own.run(packet{}.ethernet().ipv4().udp({.dst = 53, .length = length}).payload("abcdef")).why ==
              reason::truncated);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "quic_short.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::quic_short<1>> && sizeof(net::quic_short<1>) == 1 && sizeof(net::quic_short<20>) == 20);
static_assert(follows<net::quic, net::quic_short<8>>::value && !parent<net::quic_short<8>>);

static auto counted(u8 first) -> packet {
    byte_string b = {first};
    for (u8 i = 1; i < 30; i++) b.push_back(i);
    return packet{}.ethernet().ipv4().udp({.dst = 443}).payload(b);
}

TEST_CASE("a connection ID is as long as the program says") {
    both short_one{eight}, long_one{twenty};
    auto a = short_one.run(counted(0x40));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0x0102'0304'0506'0708);
    CHECK(a.number(1) == 21);
    a = long_one.run(counted(0x40));
    CHECK(a.number(0) == 0x0102'0304'0506'0708);
    CHECK(a.number(1) == 0x0d0e'0f10'1112'1314);
    CHECK(a.number(2) == 9);
}

TEST_CASE("cut off at every length") {
    both short_one{eight}, long_one{twenty};
    short_one.sweep(counted(0x7f), 51);
    long_one.sweep(counted(0x7f), 63);
}

TEST_CASE("a long header is another protocol, and without the fixed bit it is malformed") {
    both short_one{eight};
    CHECK(short_one.run(counted(0xc0)).why == reason::other_protocol);
    CHECK(short_one.run(counted(0x3f)).why == reason::malformed);
}

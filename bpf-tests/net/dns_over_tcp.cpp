// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "dns_over_tcp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::dns_over_tcp> && sizeof(net::dns_over_tcp) == 2);
static_assert(matches(net::dns_over_tcp::id, net::tcp_port{53}));
static_assert(follows<net::dns_over_tcp, net::dns>::value && !follows<net::tcp, net::dns>::value);
static_assert(net::dns_over_tcp{be16{12}}.covers() == 14 && net::dns_over_tcp{be16{0xffff}}.covers() == 65537);

static auto message(u16 length) -> packet {
    return packet{}
        .ethernet()
        .ipv4()
        .tcp({.dst = 53})
        .payload({static_cast<u8>(length >> 8), static_cast<u8>(length), 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0})
        .payload("rest, and another message");
}

TEST_CASE("the message ends where the length says, or with the segment") {
    both what{query};
    for (u16 length = 12; length < 60; length++) {
        auto const a = what.run(message(length));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == length);
        CHECK(a.number(1) == std::min<u32>(length, 37));
        CHECK(a.number(2) == 0x1234);
        CHECK(a.number(3) == std::min<u32>(length - 12u, 25));
    }
    CHECK(what.run(message(0xffff)).number(3) == 25);
    for (u16 length = 0; length < 12; length++) CHECK(what.run(message(length)).why == reason::truncated);
}

TEST_CASE("cut off at every length") {
    both what{query};
    what.sweep(message(16), 68);
}

TEST_CASE("another port is another protocol") {
    both what{query};
    CHECK(what.run(packet{}.ethernet().ipv4().tcp({.dst = 80}).payload(byte_string(20))).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4().tcp({.src = 53, .dst = 80}).payload(byte_string(20))).why ==
          reason::other_protocol);
}

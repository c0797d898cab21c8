// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sctp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::sctp> && sizeof(net::sctp) == 12);
static_assert(__builtin_offsetof(net::sctp, dst) == 2 && __builtin_offsetof(net::sctp, tag) == 4);
static_assert(__builtin_offsetof(net::sctp, checksum) == 8 && matches(net::sctp::id, net::ip_proto{132}));
constexpr net::sctp sample{be16{2905}, be16{38412}, {}, {}};
static_assert(sample.source() == be16{2905} && sample.destination() == be16{38412});

// Ports 1234 and 80, a CRC32c of 0x44332211.
static byte_string const common = {4, 0xd2, 0, 80, 0xf1, 2, 3, 4, 0x11, 0x22, 0x33, 0x44};

TEST_CASE("the fields of the common header") {
    both what{association};
    auto const a = what.run(packet{}.ethernet().ipv4().other(common, {}, 132).payload("chunk").padded(60));
    CHECK(a.why == reason::none);
    u64 const expected[] = {1234, 80, 0xf102'0304, 0x4433'2211, 1234, 80, 5};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("ports, whatever the transport") {
    both what{ports_of_any};
    for (auto const &in : {packet{}.ethernet().ipv4().other(common, {}, 132).payload("chunk").bytes(),
                           packet{}.ethernet().ipv6().hop_by_hop().other(common, {}, 132).payload("chunk").bytes(),
                           packet{}.ethernet().ipv4().tcp({.src = 1234, .dst = 80}).payload("chunk").bytes(),
                           packet{}.ethernet().ipv6().udp({.src = 1234, .dst = 80}).payload("chunk").bytes()}) {
        auto const a = what.run(in);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 1234);
        CHECK(a.number(1) == 80);
        CHECK(a.number(3) == 5);
    }
    CHECK(what.run(packet{}.ethernet().ipv4().other(common, {}, 132)).number(2) == 1);
    CHECK(what.run(packet{}.ethernet().ipv4().tcp()).number(2) == 0);
    CHECK(what.run(packet{}.ethernet().ipv4().other(common, {}, 33)).why == reason::other_protocol);
}

TEST_CASE("cut off at every length, and by IP's length") {
    both what{association}, any{ports_of_any};
    what.sweep(packet{}.ethernet().ipv4().other(common, {}, 132).payload("abc"), 46);
    any.sweep(packet{}.ethernet().ipv6().other(common, {}, 132).payload("abc"), 66);
    for (u16 total = 20; total < 32; total++)
        CHECK(what.run(packet{}.ethernet().ipv4({.total_length = total}).other(common, {}, 132)).why ==
              reason::truncated);
}

TEST_CASE("other protocols, and later fragments") {
    both what{association};
    CHECK(what.run(packet{}.ethernet().ipv4({.protocol = 17}).other(common)).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).other(common, {}, 132)).why == reason::fragment);
}

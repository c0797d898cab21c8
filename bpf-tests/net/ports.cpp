// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ports.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(header<net::ports> && sizeof(net::ports) == 4 && !parent<net::ports>);
static_assert(__builtin_offsetof(net::ports, src) == 0 && __builtin_offsetof(net::ports, dst) == 2);
constexpr net::ports sample{be16{1234}, be16{80}};
static_assert(sample.source() == be16{1234} && sample.destination() == be16{80});

TEST_CASE("ports of every transport that has some, over either IP") {
    both see{from_to};
    for (u32 protocol = 0; protocol < 256; protocol++) {
        bool const has = protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132 || protocol == 136;
        auto const in = packet{}
                            .ethernet()
                            .ipv4({.protocol = static_cast<u8>(protocol)})
                            .payload({4, 0xd2, 0, 80, 1, 2, 3, 4})
                            .padded(60)
                            .bytes();
        auto const a = see.run(in);
        CHECK(a.why == (has ? reason::none : reason::other_protocol));
        if (!has) continue;
        u64 const expected[] = {1234, 80, 1234, 80, 4};
        for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == expected[i]);
        auto const six =
            packet{}.ethernet().ipv6({.next_header = static_cast<u8>(protocol)}).payload({4, 0xd2, 0, 80, 1, 2, 3, 4});
        CHECK(see.run(six).number(1) == 80);
    }
}

TEST_CASE("cut off at every length, and by IP's length") {
    both see{from_to};
    see.sweep(packet{}.ethernet().ipv4().tcp(), 38);
    see.sweep(packet{}.ethernet().ipv6().udp(), 58);
    for (u16 total = 20; total < 24; total++)
        CHECK(see.run(packet{}.ethernet().ipv4({.total_length = total}).udp()).why == reason::truncated);
    CHECK(see.run(packet{}.ethernet().ipv4({.total_length = 24}).udp()).why == reason::none);
}

TEST_CASE("a later fragment has no ports") {
    both see{from_to};
    CHECK(see.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).udp()).why == reason::fragment);
    CHECK(see.run(packet{}.ethernet().ipv6().fragment({.offset = 1}).udp()).why == reason::fragment);
}

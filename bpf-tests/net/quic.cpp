// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "quic.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::quic> && sizeof(net::quic) == 1);
static_assert(matches(net::quic::id, net::udp_port{443}) && !matches(net::quic::id, net::udp_port{80}));
static_assert(net::quic{0xc0}.valid() && net::quic{0x40}.valid() && !net::quic{0xbf}.valid());
static_assert(net::quic{0xc0}.is_long() && !net::quic{0x7f}.is_long());
static_assert(net::quic{0xc0}.next() == net::quic_form{1} && net::quic{0x7f}.next() == net::quic_form{0});
static_assert(!net::quic{0xdf}.spin());
static_assert(net::quic{0xe0}.type() == 2 && net::quic{0xdf}.type() == 1 && net::quic{0x60}.spin());

static byte_string const initial = {0xc3, 0, 0, 0, 1, 3, 'a', 'b', 'c', 2, 'd', 'e', 0};

TEST_CASE("every first byte") {
    both what{form};
    for (u32 first = 0; first < 256; first++) {
        auto const a = what.run(packet{}.ethernet().ipv4().udp({.dst = 443}).payload({static_cast<u8>(first), 1, 2}));
        CHECK(a.why == ((first & 0x40) != 0 ? reason::none : reason::malformed));
        if (a.why != reason::none) continue;
        CHECK(a.number(0) == first >> 7);
        CHECK(a.number(1) == (first >> 4 & 3));
        CHECK(a.number(2) == (first >> 5 & 1));
        CHECK(a.number(3) == 2);
    }
}

TEST_CASE("both headers, over either IP") {
    both what{flow};
    byte_string const data = {0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (bool const six : {false, true}) {
        auto const below = [&] { return six ? packet{}.ethernet().ipv6() : packet{}.ethernet().ipv4(); };
        auto a = what.run(below().udp({.dst = 443}).payload(data));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 0);
        CHECK(a.number(1) == 0x0102'0304'0506'0708);
        CHECK(a.number(2) == 1);
        a = what.run(below().udp({.dst = 443}).payload(initial));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 1);
        CHECK(a.number(2) == 4);
        std::size_t const start = six ? 62 : 42;
        what.sweep(below().udp({.dst = 443}).payload(data), start + 9);
        what.sweep(below().udp({.dst = 443}).payload(initial), start + 9);
    }
}

TEST_CASE("cut off at every length, and by UDP's length") {
    both what{form};
    what.sweep(packet{}.ethernet().ipv4().udp({.dst = 443}).payload(initial), 43);
    what.sweep(packet{}.ethernet().ipv6().udp({.dst = 443}).payload(initial), 63);
    CHECK(what.run(packet{}.ethernet().ipv4().udp({.dst = 443, .length = 8}).payload(initial)).why ==
          reason::truncated);
}

TEST_CASE("another port is another protocol") {
    both what{form};
    CHECK(what.run(packet{}.ethernet().ipv4().udp({.src = 443, .dst = 4433}).payload(initial)).why ==
          reason::other_protocol);
}

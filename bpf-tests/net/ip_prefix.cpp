// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ip_prefix.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(sizeof(net::ipv4_prefix) == 5 && sizeof(net::ipv6_prefix) == 17);
static_assert(ten.mask() == be32{0xff00'0000} && all.mask() == be32{} && one.mask() == be32{0xffff'ffff});
static_assert(ten.contains(be32{0x0aff'ffff}) && !ten.contains(be32{0x0b00'0000}) && all.contains(be32{0xffff'ffff}));
static_assert(one.contains(be32{0x0a01'0203}) && !one.contains(be32{0x0a01'0202}));
static_assert(ten.contains(net::ip_address{be32{0x0a01'0203}}) && !all.contains(net::ip_address{}));
static_assert(ten == net::ipv4_prefix{be32{0x0a00'0000}, 8} && !(ten == net::ipv4_prefix{be32{0x0a00'0000}, 9}));
constexpr net::ipv6_prefix mapped{net::ip_address{be32{}}, 96};
static_assert(mapped.contains(net::ip_address{be32{0x0a01'0203}}) && !mapped.contains(net::ip_address{}));
// As constants, of each bit.
static_assert([] {
    for (u8 const length : {0, 1, 63, 64, 65, 127, 128})
        for (u32 bit = 0; bit < 128; bit++) {
            net::ip_address host;
            host.raw[bit / 8] = static_cast<u8>(0x80 >> bit % 8);
            if (net::ipv6_prefix{{}, length}.contains(host) != (bit >= length)) return false;
        }
    return true;
}());
static_assert(mapped == net::ipv6_prefix{net::ip_address{be32{}}, 96} && !(mapped == net::ipv6_prefix{{}, 96}));

TEST_CASE("each bit of an IPv4 address, with every length") {
    both see{v4};
    u32 const network = 0x0a01'0203;
    for (u8 length = 0; length <= 32; length++)
        for (u32 bit = 0; bit <= 32; bit++) {
            u32 const host = bit == 32 ? network : network ^ 0x8000'0000u >> bit;
            auto const a = see.run(packet{}.ethernet().ipv4({.ttl = length, .src = host, .dst = network}));
            CHECK(a.number(0) == (bit >= 8));
            CHECK(a.number(1) == 1);
            CHECK(a.number(2) == (bit == 32));
            CHECK(a.number(3) == (bit >= length));
            CHECK(a.number(4) == (bit >= 8));
            CHECK(net::ipv4_prefix{be32{network}, length}.contains(be32{host}) == (bit >= length));
        }
}

TEST_CASE("each bit of an IPv6 address, with every length") {
    both see{over_any};
    byte_string const network = {0x20, 1, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    for (u8 length = 0; length <= 128; length++)
        for (u32 bit = 0; bit <= 128; bit++) {
            if ((bit + 2 < length || bit > length + 2u) && bit % 13 != 0) continue; // those about the length, and some
            auto host = network;
            if (bit < 128) host[bit / 8] ^= static_cast<u8>(0x80 >> bit % 8);
            auto const a = see.run(packet{}.ethernet().ipv6({.hop_limit = length, .src = host, .dst = network}));
            CHECK(a.number(0) == (bit >= length));
            CHECK(a.number(1) == 0);
        }
}

TEST_CASE("an IPv4 address is in prefixes of mapped addresses, and in its own") {
    both see{over_any};
    for (u8 length = 96; length <= 128; length++) {
        auto const a = see.run(packet{}.ethernet().ipv4({.ttl = length, .src = 0x0a00'0001, .dst = 0x0a00'0003}));
        CHECK(a.number(0) == (length <= 126));
        CHECK(a.number(1) == 1);
    }
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ah.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::patched;

static_assert(header<net::ah> && sizeof(net::ah) == 12);
static_assert(__builtin_offsetof(net::ah, length) == 1 && __builtin_offsetof(net::ah, reserved) == 2);
static_assert(__builtin_offsetof(net::ah, spi) == 4 && __builtin_offsetof(net::ah, sequence) == 8);
static_assert(matches(net::ah::id, net::ip_proto{51}) && is_same<next_key<net::ah>, net::ip_proto>);
constexpr net::ah sample{net::ip_proto{6}, 4, {}, {}, {}};
static_assert(sample.size() == 24 && sample.next() == net::ip_proto{6});
static_assert(net::ah{{}, 0, {}, {}, {}}.size() == 8 && net::ah{{}, 255, {}, {}, {}}.size() == 1028);

TEST_CASE("the fields") {
    both what{authenticated};
    auto const a = what.run(packet{}
                                .ethernet()
                                .ipv4()
                                .ah({.data = {0xab, 0xcd, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}})
                                .payload("hello")
                                .padded(80));
    CHECK(a.why == reason::none);
    u64 const expected[] = {253, 4, 0xabcd, 0x0102'0304, 0x0506'0708, 12, 5};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("what it leads to stands behind the integrity check value") {
    both what{segment_in}, inner{tunnelled};
    for (std::size_t value = 0; value <= 1016; value += value == 0 || value == 12 ? 12 : 16) {
        auto const in =
            packet{}.ethernet().ipv4().ah({.data = byte_string(10 + value)}).tcp({.dst = 80}).payload("abc");
        auto const a = what.run(in);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 80);
        CHECK(a.number(1) == 3);
        CHECK(inner.run(in).why == reason::other_protocol);
    }
    auto const in = packet{}.ethernet().ipv4().ah().ipv4({.src = 0x0102'0304}).tcp().bytes();
    CHECK(inner.run(in).number(0) == 0x0102'0304);
    CHECK(inner.run(in).number(1) == 20);
    CHECK(what.run(in).why == reason::other_protocol);
}

TEST_CASE("cut off at every length") {
    both what{authenticated}, deep{segment_in};
    what.sweep(packet{}.ethernet().ipv4().ah({.data = byte_string(22)}).payload("abc"), 58);
    deep.sweep(packet{}.ethernet().ipv4().ah({.data = byte_string(22)}).tcp().payload("abc"), 78);
    for (u16 total = 20; total < 44; total++)
        CHECK(what.run(packet{}.ethernet().ipv4({.total_length = total}).ah({.data = byte_string(22)})).why ==
              reason::truncated);
}

TEST_CASE("every length that the header can state") {
    both what{authenticated};
    for (u32 length = 0; length < 256; length++) {
        auto const a = what.run(packet{}
                                    .ethernet()
                                    .ipv4()
                                    .ah({.length = static_cast<u8>(length), .data = byte_string(10)})
                                    .payload(byte_string(88)));
        CHECK(a.why == (length < 1 ? reason::malformed : length > 23 ? reason::truncated : reason::none));
        if (a.why == reason::none) CHECK(a.number(6) == 88 + 12 - (length + 2) * 4);
    }
}

TEST_CASE("other protocols, and later fragments") {
    both what{authenticated};
    CHECK(what.run(packet{}.ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4({.protocol = 50}).ah()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).ah()).why == reason::fragment);
}

TEST_CASE("over IPv6, behind other extension headers") {
    both what{over_ipv6}, deep{over_ipv6_in_ip};
    byte_string const fields = {0, 0, 0, 0, 0, 7, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    for (u32 before = 0; before <= 7; before++) {
        for (u32 outer = 0; outer <= 2; outer++) {
            packet p;
            p.ethernet();
            if (outer == 1) p.ipv4();
            if (outer == 2) p.ipv6().destination();
            p.ipv6();
            for (u32 i = 0; i < before; i++) i % 2 == 0 ? p.hop_by_hop() : p.routing();
            auto const needed = p.ah({.data = fields}).tcp({.dst = 80}).size();
            auto const bytes = p.payload("abc").bytes();
            INFO(before << ' ' << outer);
            auto &run = outer == 0 ? what : deep;
            auto const a = run.run(bytes);
            CHECK(a.why == (before > 6 ? reason::too_deep : reason::none));
            if (before > 6) continue;
            CHECK(a.number(0) == 7);
            CHECK(a.number(1) == 80);
            CHECK(a.number(2) == 3);
            run.sweep(bytes, needed);
        }
    }
    CHECK(what.run(packet{}.ethernet().ipv6().tcp()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv6().hop_by_hop().tcp()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv6().ah().ah().tcp()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv6().fragment({.offset = 1}).ah().tcp()).why == reason::fragment);
    CHECK(what.run(packet{}.ethernet().ipv6().fragment().ah().tcp()).why == reason::none);
}

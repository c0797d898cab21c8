// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "layer.bpf.cpp"
#include <algorithm>
#include <array>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;
using bytes_of = test::byte_string;

TEST_CASE("fields can be written, and nothing else changes") {
    both run{reflect};
    auto const there = packet{}
                           .ethernet({.dst = {1, 2, 3, 4, 5, 6}, .src = {7, 8, 9, 10, 11, 12}})
                           .ipv4({.src = 0x0102'0304, .dst = 0x0506'0708, .options = bytes_of(8, 1)})
                           .udp({.src = 1000, .dst = 2000})
                           .payload("payload")
                           .bytes();
    auto const back = packet{}
                          .ethernet({.dst = {7, 8, 9, 10, 11, 12}, .src = {1, 2, 3, 4, 5, 6}})
                          .ipv4({.src = 0x0506'0708, .dst = 0x0102'0304, .options = bytes_of(8, 1)})
                          .udp({.src = 2000, .dst = 1000})
                          .payload("payload")
                          .bytes();
    auto const a = run.run(there);
    CHECK(a.verdict == xdp::tx);
    CHECK(a.bytes == back); // the checksums too: the sum of what was exchanged is the same
    auto const tcp = packet{}.ethernet().ipv4().tcp().bytes();
    CHECK(run.run(tcp).bytes == tcp);
    run.sweep(there, [&](std::size_t length, test::answer const &b) {
        auto const expected = length < 50 ? &there : &back;
        return std::equal(b.bytes.begin(), b.bytes.end(), expected->begin());
    });
}

TEST_CASE("a chain of one needs no brackets") {
    both run{single};
    auto const a = run.run(packet{}.ethernet().ipv4().udp());
    CHECK(a.number(0) == 0x88b5);
    CHECK(a.number(1) == 28);
    CHECK(a.bytes[12] == 0x88);
    CHECK(a.bytes[13] == 0xb5);
    run.sweep(packet{}.ethernet().ipv4(), 14);
}

TEST_CASE("a chain of one is its layer") {
    both run{single_all};
    auto const expect = [&](packet const &in, std::array<u64, 7> const &expected) {
        auto const a = run.run(in);
        CHECK(a.why == reason::none);
        for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
    };
    expect(packet{}.ethernet().ipv6().tcp({.src = 7, .dst = 80, .options = bytes_of(8, 1)}), {1, 40, 0, 1, 7, 8, 88});
    expect(packet{}.ethernet().ipv4({.src = 9, .dst = 9}).udp({.src = 8}), {0, 20, 1, 1, 8, 0, 0});
    expect(packet{}.ethernet().ipv4().icmp(), {0, 20, 0, 0, 0, 0, 0});
    run.sweep(packet{}.ethernet().ipv4().tcp(), 54);
}

TEST_CASE("addresses and ports without knowing which") {
    both run{common};
    auto const a =
        run.run(packet{}.ethernet().ipv4({.src = 0x0102'0304, .dst = 0x0506'0708}).tcp({.src = 1, .dst = 2}));
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 0x0000'ffff'0102'0304);
    CHECK(a.number(2) == 0);
    CHECK(a.number(3) == 0x0000'ffff'0506'0708);
    CHECK(a.number(4) == 1);
    CHECK(a.number(5) == 2);
    CHECK(a.number(6) == 20);
    CHECK(a.number(7) == 0);
    bytes_of const from = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, to(16, 0xfe);
    auto const b = run.run(packet{}
                               .ethernet()
                               .ipv6({.src = from, .dst = to})
                               .hop_by_hop()
                               .udp({.src = 65535, .dst = 256})
                               .payload("abc")
                               .padded(100));
    CHECK(b.number(0) == 0x0102'0304'0506'0708);
    CHECK(b.number(1) == 0x090a'0b0c'0d0e'0f10);
    CHECK(b.number(2) == 0xfefe'fefe'fefe'fefe);
    CHECK(b.number(3) == 0xfefe'fefe'fefe'fefe);
    CHECK(b.number(4) == 65535);
    CHECK(b.number(5) == 256);
    CHECK(b.number(6) == 19); // all behind the IPv6 header, extension headers too
    CHECK(b.number(7) == 3);
}

TEST_CASE("visit writes as well") {
    both run{one_hop};
    auto const a = run.run(packet{}.ethernet().ipv4({.ttl = 5}).udp());
    CHECK(a.verdict == xdp::pass);
    CHECK(a.number(0) == 4);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 0);
    CHECK(a.bytes[22] == 4);
    auto const b = run.run(packet{}.ethernet().ipv6({.hop_limit = 1}).udp());
    CHECK(b.verdict == xdp::drop);
    CHECK(b.number(1) == 0);
    CHECK(b.number(2) == 1);
    CHECK(b.bytes[21] == 0);
}

TEST_CASE("one of three") {
    both run{three_ways};
    auto const arp = run.run(packet{}.ethernet().arp().padded());
    CHECK(arp.number(0) == 1);
    CHECK(arp.number(1) == 28);
    CHECK(arp.number(2) == 18);
    auto const v4 = run.run(packet{}.ethernet().ipv4({.options = bytes_of(4, 1)}).udp().padded());
    CHECK(v4.number(0) == 2);
    CHECK(v4.number(1) == 20);
    CHECK(v4.number(2) == 8);
    auto const v6 = run.run(packet{}.ethernet().ipv6().udp().padded(90));
    CHECK(v6.number(0) == 4);
    CHECK(v6.number(1) == 40);
    CHECK(v6.number(2) == 8);
    CHECK(run.run(packet{}.ethernet().vlan().ipv4().udp()).why == reason::other_protocol);
    run.sweep(packet{}.ethernet().arp(), 42);
    run.sweep(packet{}.ethernet().ipv4({.options = bytes_of(4, 1)}).udp(), 38);
    run.sweep(packet{}.ethernet().ipv6().udp(), 54);
}

TEST_CASE("from one layer on, twice") {
    both run{onwards};
    auto const a = run.run(packet{}.ethernet().ipv4().udp());
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 17);
    CHECK(a.number(1) == 0);
    CHECK(a.number(2) == 1);
    CHECK(a.number(3) == static_cast<u64>(reason::other_protocol));
    CHECK(a.number(4) == 0);
    auto const b = run.run(packet{}.ethernet().vlan().ipv6().destination().tcp());
    CHECK(b.why == reason::none);
    CHECK(b.number(0) == 6);
    CHECK(b.number(1) == 1);
    CHECK(b.number(2) == 0);
    CHECK(b.number(4) == static_cast<u64>(reason::other_protocol));
    auto const later = run.run(packet{}.ethernet().ipv4({.fragment_offset = 2}).udp());
    CHECK(later.why == reason::fragment);
    CHECK(later.number(0) == 17); // the key is right even there
    CHECK(later.number(4) == static_cast<u64>(reason::fragment));
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tunnels.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static byte_string const vxlan{8, 0, 0, 0, 0, 0, 7, 0}, geneve{1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 1, 1, 0};
static byte_string const geneve_ipv4{0, 0, 8, 0, 0, 0, 7, 0};
static byte_string const gtp{0x34, 255, 0, 200, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 0x10, 5, 0};
static byte_string const one_label{0, 0, 0x11, 64}, two_labels{0, 0, 0x20, 64, 0, 0, 0x11, 64};
static byte_string const pppoe_ipv4{0x11, 0, 0, 7, 0, 200, 0, 0x21}, pppoe_ipv6{0x11, 0, 0, 7, 0, 200, 0, 0x57};
static byte_string const pppoe_mpls{0x11, 0, 0, 7, 0, 200, 2, 0x81};
static byte_string const macsec_ipv4{0x20, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 0};
static byte_string const macsec_vlan{0x00, 0, 0, 0, 0, 1, 0x81, 0};

static auto in_udp(u16 port, byte_string const &header) -> packet {
    return packet{}.ethernet().ipv4().udp({.dst = port}).other(header);
}
static auto gre(u16 type) -> packet {
    return packet{}.ethernet().ipv4().other({0, 0, static_cast<u8>(type >> 8), static_cast<u8>(type)}, {}, 47);
}
static auto mirrored() -> packet {
    return packet{}
        .ethernet()
        .ipv4()
        .other({0x10, 0, 0x88, 0xbe, 0, 0, 0, 1}, {}, 47)
        .payload({0x10, 0, 0, 9, 0, 0, 0, 0})
        .ethernet()
        .vlan(5)
        .ipv4()
        .udp({.dst = 2152})
        .other(gtp)
        .ipv4({.ttl = 3})
        .tcp({.dst = 443})
        .payload("abc");
}
static auto expect(both &program, packet const &in, std::initializer_list<u64> numbers) -> void {
    auto const a = program.run(in);
    CHECK(a.why == reason::none);
    u32 i = 0;
    for (auto const n : numbers) CHECK(a.number(i++) == n);
}

TEST_CASE("one of several tunnels over UDP, with a frame inside or without") {
    both see{over_udp};
    expect(see, in_udp(4789, vxlan).ethernet().ipv4({.ttl = 9}).payload("abc"), {0, 1, 9, 3});
    expect(see, in_udp(6081, geneve).ethernet().ipv4({.ttl = 9}).payload("abc"), {1, 1, 9, 3});
    expect(see, in_udp(6081, geneve_ipv4).ipv4({.ttl = 9}).payload("abc"), {1, 0, 9, 3});
    expect(see, in_udp(2152, gtp).ipv4({.ttl = 9}).payload("abc"), {2, 0, 9, 3});
    see.sweep(in_udp(4789, vxlan).ethernet().ipv4().payload("abc"), 84);
    see.sweep(in_udp(6081, geneve).ethernet().ipv4().payload("abc"), 88);
    see.sweep(in_udp(2152, gtp).ipv4().payload("abc"), 78);
    CHECK(see.run(in_udp(4790, vxlan).ethernet().ipv4()).why == reason::other_protocol);
}

TEST_CASE("tags, a session, labels: all of them may be there") {
    both see{at_the_edge};
    expect(see, packet{}.ethernet().ipv4().payload("abc"), {0, 0, 0, 1, 3});
    expect(see, packet{}.ethernet().vlan(5).other(pppoe_ipv6, 0x8864).ipv6().payload("abc"), {1, 1, 0, 0, 3});
    expect(see, packet{}.ethernet().vlan(5).other(two_labels, 0x8847).ipv6().payload("abc"), {1, 0, 2, 0, 3});
    auto const all =
        packet{}.ethernet().vlan(5).vlan(6).other(pppoe_mpls, 0x8864).payload(two_labels).ipv4().payload("abc");
    expect(see, all, {2, 1, 2, 1, 3});
    see.sweep(all, 58);
}

TEST_CASE("one of three headers that look at what lies behind them") {
    both see{one_of_them};
    expect(see, packet{}.ethernet().other(macsec_ipv4, 0x88e5).ipv4().payload("abc"), {0, 1, 3});
    expect(see, packet{}.ethernet().other(one_label, 0x8847).ipv6().payload("abc"), {1, 0, 3});
    expect(see, packet{}.ethernet().other(pppoe_ipv4, 0x8864).ipv4().payload("abc"), {2, 1, 3});
    see.sweep(packet{}.ethernet().other(macsec_ipv4, 0x88e5).ipv4().payload("abc"), 50);
    see.sweep(packet{}.ethernet().other(one_label, 0x8847).ipv6().payload("abc"), 58);
}

TEST_CASE("what may be missing") {
    both secured{perhaps_secured}, gre_or_not{perhaps_gre};
    expect(secured, packet{}.ethernet().other(macsec_ipv4, 0x88e5).ipv4({.ttl = 9}).payload("abc"), {1, 0, 9, 3});
    expect(secured, packet{}.ethernet().other(macsec_vlan, 0x88e5).vlan(5).ipv4({.ttl = 9}).payload("abc"),
           {1, 1, 9, 3});
    expect(secured, packet{}.ethernet().vlan(5).ipv4({.ttl = 9}).payload("abc"), {0, 1, 9, 3});
    expect(gre_or_not, gre(0x0800).ipv4().payload("abc"), {1, 0, 3});
    expect(gre_or_not, gre(0x86dd).ipv6().payload("abc"), {1, 1, 3});
    expect(gre_or_not, packet{}.ethernet().ipv4().ipv4().payload("abc"), {0, 0, 3});
    expect(gre_or_not, packet{}.ethernet().ipv4().tcp().payload("abc"), {0, 2, 3});
    secured.sweep(packet{}.ethernet().other(macsec_vlan, 0x88e5).vlan(5).ipv4().payload("abc"), 46);
    gre_or_not.sweep(gre(0x86dd).ipv6().payload("abc"), 78);
}

TEST_CASE("eleven headers deep") {
    both see{deep};
    expect(see, mirrored(), {9, 5, 7, 3, 443, 3});
    see.sweep(mirrored(), 152);
}

TEST_CASE("labels as the last word of a chain") {
    both see{labels_alone};
    expect(see, packet{}.ethernet().ipv4(), {0, 0});
    expect(see, packet{}.ethernet().other(two_labels, 0x8847).payload("x"), {2, 1});
    CHECK(see.run(packet{}.ethernet().other(two_labels, 0x8847)).why == reason::truncated);
}

TEST_CASE("any bytes: kernel and host say the same") {
    both programs[]{both{over_udp},    both{at_the_edge}, both{one_of_them}, both{perhaps_secured},
                    both{perhaps_gre}, both{deep},        both{labels_alone}};
    std::vector<byte_string> const samples = {
        in_udp(4789, vxlan).ethernet().ipv4().payload("abc"),
        in_udp(6081, geneve).ethernet().ipv4().payload("abc"),
        in_udp(2152, gtp).ipv4().payload("abc"),
        packet{}.ethernet().vlan(5).other(pppoe_mpls, 0x8864).payload(two_labels).ipv4().payload("abc"),
        packet{}.ethernet().other(macsec_ipv4, 0x88e5).ipv4().payload("abc"),
        packet{}.ethernet().other(one_label, 0x8847).ipv6().payload("abc"),
        gre(0x86dd).ipv6().payload("abc"),
        mirrored()};
    std::mt19937 random{1};
    auto const below = [&](std::size_t n) { return random() % n; };
    for (u32 round = 0; round < 4000; round++) {
        auto in = samples[below(samples.size())];
        for (auto n = below(4); n > 0; n--) in[12 + below(in.size() - 12)] = static_cast<u8>(random());
        if (below(3) == 0) in.resize(14 + below(in.size() - 14));
        for (auto &program : programs) program.run(in);
    }
    SUCCEED();
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "vxlan.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::patched;

static_assert(header<net::vxlan> && sizeof(net::vxlan) == 8);
static_assert(__builtin_offsetof(net::vxlan, flags) == 0 && __builtin_offsetof(net::vxlan, vni_reserved) == 4);
static_assert(matches(net::vxlan::id, net::udp_port{4789}) && !matches(net::vxlan::id, net::udp_port{4790}));
constexpr net::vxlan sample{8, {}, be32{0x123456ff}};
static_assert(sample.valid() && sample.vni() == 0x123456 && sample.next() == net::ether_type{0x6558});
static_assert(!net::vxlan{0xf7, {}, {}}.valid() && net::vxlan{0xff, {}, {}}.valid());
static_assert(header<own_vxlan> && sizeof(own_vxlan) == 8 && is_same<next_key<own_vxlan>, net::ether_type>);
static_assert(matches(own_vxlan::id, net::udp_port{8472}) && matches(own_vxlan::id, be{net::udp_port{4790}}));
static_assert(!matches(own_vxlan::id, net::udp_port{4789}));

static byte_string const vxlan{8, 0, 0, 0, 0x12, 0x34, 0x56, 0};
static auto in_udp(u16 port = 4789, byte_string const &header = vxlan) -> packet {
    return packet{}.ethernet().ipv4().udp({.dst = port}).other(header);
}

TEST_CASE("the fields of the header") {
    both see{tunnel};
    for (auto const &in : {in_udp().payload("inside").bytes(),
                           packet{}.ethernet().ipv6().udp({.dst = 4789}).other(vxlan).payload("inside").bytes()}) {
        auto const a = see.run(in);
        CHECK(a.why == reason::none);
        u64 const expected[] = {8, 0x12345600, 0x123456, 6};
        for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    }
}

TEST_CASE("cut off at every length") {
    both see{tunnel}, frame{inner_frame}, own{own_ports};
    see.sweep(in_udp().payload("abc").padded(64), 50);
    frame.sweep(in_udp().ethernet().ipv4().tcp().payload("abc"), 104);
    frame.sweep(in_udp().ethernet().ipv6().tcp().payload("abc"), 124);
    own.sweep(in_udp(8472).ethernet().payload("abc"), 64);
}

TEST_CASE("without the flag of a valid VNI it is malformed, with others it is not") {
    both see{tunnel};
    for (u32 bit = 0; bit < 8; bit++) {
        auto const flags = static_cast<u8>(1u << bit);
        CHECK(see.run(in_udp(4789, patched(vxlan, 0, {static_cast<u8>(0xff ^ flags)}))).why ==
              (flags == 8 ? reason::malformed : reason::none));
    }
}

TEST_CASE("what it leads to") {
    both frame{inner_frame};
    auto a = frame.run(in_udp().ethernet().ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {0x123456, 0x0800, 443, 3};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    CHECK(frame.run(in_udp().ethernet().ipv6().tcp().payload("abc")).number(1) == 0x86dd);
    CHECK(frame.run(in_udp().ethernet().arp().payload(byte_string(60))).why == reason::other_protocol);
    CHECK(frame.run(in_udp(4790).ethernet().ipv4().tcp()).why == reason::other_protocol);
}

TEST_CASE("a program's own ports instead of the usual one") {
    both own{own_ports};
    for (u16 const port : {8472, 4790}) {
        auto const a = own.run(in_udp(port).ethernet({.type = 0x1234}).payload("abc"));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 0x123456);
        CHECK(a.number(1) == 0x1234);
        CHECK(a.number(2) == 3);
    }
    CHECK(own.run(in_udp(4789).ethernet()).why == reason::other_protocol);
    CHECK(own.run(in_udp(8472, patched(vxlan, 0, {0})).ethernet()).why == reason::malformed);
}

TEST_CASE("a UDP length that ends within the header, or within the frame") {
    both see{tunnel}, frame{inner_frame};
    auto const in = [](u16 length) {
        return packet{}
            .ethernet()
            .ipv4()
            .udp({.dst = 4789, .length = length})
            .other(vxlan)
            .ethernet()
            .ipv4()
            .tcp()
            .payload("abc");
    };
    for (u16 length = 8; length < 16; length++) CHECK(see.run(in(length)).why == reason::truncated);
    for (u16 length = 16; length < 70; length++) CHECK(frame.run(in(length)).why == reason::truncated);
    CHECK(frame.run(in(70)).number(3) == 0);
    CHECK(frame.run(in(0xffff)).number(3) == 3);
}

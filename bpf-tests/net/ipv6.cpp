// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ipv6.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::answer, test::byte_string;

static_assert(header<net::ipv6> && sizeof(net::ipv6) == 40);
static_assert(__builtin_offsetof(net::ipv6, payload_length) == 4 && __builtin_offsetof(net::ipv6, next_header) == 6);
static_assert(__builtin_offsetof(net::ipv6, src) == 8 && __builtin_offsetof(net::ipv6, dst) == 24);
static_assert(is_same<next_key<net::ipv6>, net::ip_proto> && extended<net::ipv6>);
constexpr auto of(u32 version_class_flow, u16 payload_length) -> net::ipv6 {
    return {be32{version_class_flow}, be16{payload_length}, net::ip_proto{58}, 64, {}, {}};
}
static_assert(of(0x6b9a'bcde, 8).valid() && of(0x6b9a'bcde, 8).traffic_class() == 0xb9);
static_assert(of(0x6b9a'bcde, 8).flow_label() == 0xa'bcde && of(0x6000'0000, 8).covers() == 48);
static_assert(of(0x6000'0000, 0).covers() == 40 && of(0x6000'0000, 0xffff).covers() == 65575);
static_assert(of(0x6000'0000, 8).next() == net::ip_proto{58});
static_assert([] {
    for (u32 version = 0; version < 16; version++)
        if (of(version << 28 | 0x0fff'ffff, 8).valid() != (version == 6)) return false;
    return true;
}());

TEST_CASE("the fields of the header") {
    both first{first_half}, second{second_half};
    auto const in = packet{}
                        .ethernet()
                        .ipv6({.traffic_class = 0xb9,
                               .flow_label = 0xa'bcde,
                               .next_header = 132,
                               .hop_limit = 61,
                               .src = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
                               .dst = {17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32}})
                        .payload("hello")
                        .bytes();
    auto a = first.run(in);
    CHECK(a.why == reason::none);
    u64 const front[] = {0x6b9a'bcde, 0xb9, 0xa'bcde, 5, 132, 61, 5};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == front[i]);
    a = second.run(in);
    u64 const back[] = {
        0x0102'0304'0506'0708, 0x090a'0b0c'0d0e'0f10, 0x1112'1314'1516'1718, 0x191a'1b1c'1d1e'1f20, 1, 1};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == back[i]);
}

TEST_CASE("cut off at every length") {
    both alone{first_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    auto const in = packet{}.ethernet().ipv6().tcp({.src = 77}).payload("abc").padded(80).bytes();
    alone.sweep(in, 54);
    tcp.sweep(in, 74);
    ports.sweep(in, 74);
    steps.sweep(in, 74);
    for (auto *const program : {&tcp, &ports, &steps}) {
        auto const a = program->run(in);
        CHECK(a.number(0) == 77);
        CHECK(a.number(2) == 23);
        CHECK(a.number(3) == 3);
    }
}

TEST_CASE("any other version is malformed") {
    both alone{first_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u32 version = 0; version < 16; version++) {
        auto const in =
            packet{}.ethernet().ipv6({.version = static_cast<u8>(version), .traffic_class = 0xff}).tcp().bytes();
        auto const expected = version == 6 ? reason::none : reason::malformed;
        CHECK(alone.run(in).why == expected);
        CHECK(tcp.run(in).why == expected);
        CHECK(ports.run(in).why == expected);
        CHECK(steps.run(in).why == expected);
    }
}

TEST_CASE("a payload length that ends within what it carries cuts that off, one of zero cuts off all") {
    both alone{first_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u16 length = 0; length <= 28; length++) {
        auto const in = packet{}.ethernet().ipv6({.payload_length = length}).tcp().payload("abcdefgh").bytes();
        INFO("payload length " << length);
        CHECK(alone.run(in).why == reason::none);
        CHECK(alone.run(in).number(6) == length);
        for (auto *const program : {&tcp, &ports, &steps}) {
            auto const a = program->run(in);
            CHECK(a.why == (length < 20 ? reason::truncated : reason::none));
            if (length >= 20) CHECK(a.number(3) == length - 20u);
        }
    }
}

TEST_CASE("a payload length beyond the packet does not extend the payload") {
    both alone{first_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u16 const length : {29, 30, 60, 1500, 0x7fff, 0x8000, 0xffff}) {
        auto const in = packet{}.ethernet().ipv6({.payload_length = length}).tcp().payload("abcdefgh").bytes();
        CHECK(alone.run(in).number(6) == 28);
        for (auto *const program : {&tcp, &ports, &steps}) {
            auto const a = program->run(in);
            CHECK(a.why == reason::none);
            CHECK(a.number(2) == 28);
            CHECK(a.number(3) == 8);
        }
        tcp.sweep(in, 74);
    }
}

TEST_CASE("Ethernet padding is no payload") {
    both alone{first_half}, tcp{to_tcp};
    CHECK(alone.run(packet{}.ethernet().ipv6().padded(60)).number(6) == 0);
    CHECK(tcp.run(packet{}.ethernet().ipv6().tcp().payload("ab").padded(90)).number(3) == 2);
}

TEST_CASE("its next header says what follows") {
    both tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u32 protocol = 0; protocol < 256; protocol++) {
        auto const p = static_cast<u8>(protocol);
        switch (p) {
        case 0:
        case 43:
        case 44:
        case 51:
        case 60:
        case 135:
        case 139:
        case 140: continue; // extension headers
        }
        auto const in = packet{}.ethernet().ipv6({.next_header = p}).tcp({.seq = 0x0020'0000}).bytes(); // UDP length 32
        CHECK(tcp.run(in).why == (p == 6 ? reason::none : reason::other_protocol));
        CHECK(steps.run(in).why == (p == 6 ? reason::none : reason::other_protocol));
        CHECK(ports.run(in).why == (p == 6 || p == 17 ? reason::none : reason::other_protocol));
    }
}

TEST_CASE("IP in IP, in all four ways") {
    both inside{tunnel};
    for (bool const outer : {false, true})
        for (bool const inner : {false, true}) {
            packet p;
            p.ethernet();
            if (outer)
                p.ipv6();
            else
                p.ipv4();
            if (inner)
                p.ipv6();
            else
                p.ipv4();
            auto const needed = p.size() + 20;
            auto const in = p.tcp({.src = 9}).payload("abc").padded(150).bytes();
            auto const a = inside.run(in);
            CHECK(a.why == reason::none);
            u64 const expected[] = {outer, inner, 9, 80, 23, 3};
            for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
            inside.sweep(in, needed);
        }
}

TEST_CASE("the inner length is bounded by the outer one") {
    both inside{tunnel};
    for (u16 outer = 0; outer <= 63; outer++)
        for (u16 const inner : {0, 19, 20, 21, 23, 100}) {
            auto const a = inside.run(packet{}
                                          .ethernet()
                                          .ipv6({.payload_length = outer})
                                          .ipv6({.payload_length = inner})
                                          .tcp()
                                          .payload("abc"));
            INFO("outer " << outer << ", inner " << inner);
            auto const room = std::min<int>(outer - 40, inner);
            CHECK(a.why == (room < 20 ? reason::truncated : reason::none));
            if (room >= 20) CHECK(a.number(5) == std::min<u32>(static_cast<u32>(room) - 20, 3));
        }
}

TEST_CASE("every traffic class, whatever is around it") {
    for (u32 c = 0; c < 256; c++) {
        net::ipv6 h{};
        h.version_class_flow = be32{0x600f'ffffu | c << 20};
        CHECK(h.traffic_class() == c);
        CHECK(h.dscp() == c / 4);
        CHECK(h.ecn() == c % 4);
    }
}

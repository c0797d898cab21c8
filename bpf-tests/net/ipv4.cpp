// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ipv4.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::answer, test::byte_string;

static_assert(header<net::ipv4> && sizeof(net::ipv4) == 20 && alignof(net::ipv4) == 1);
static_assert(__builtin_offsetof(net::ipv4, total_length) == 2 && __builtin_offsetof(net::ipv4, flags_offset) == 6);
static_assert(__builtin_offsetof(net::ipv4, protocol) == 9 && __builtin_offsetof(net::ipv4, checksum) == 10);
static_assert(__builtin_offsetof(net::ipv4, src) == 12 && __builtin_offsetof(net::ipv4, dst) == 16);
static_assert(is_same<next_key<net::ipv4>, net::ip_proto> && follows<net::ipv4, net::ipv4>::value);
constexpr auto of(u8 version_ihl, u8 tos, u16 total_length, u16 flags_offset, u32 src = 0) -> net::ipv4 {
    return {version_ihl, tos, be16{total_length}, {}, be16{flags_offset}, 64, net::ip_proto{6}, {}, be32{src}, {}};
}
constexpr auto sample = of(0x47, 0xb9, 100, 0x6123);
static_assert(sample.valid() && sample.options() == 8 && sample.header_length() == 28 && sample.covers() == 100);
static_assert(sample.dscp() == 46 && sample.ecn() == 1 && sample.next() == net::ip_proto{6});
static_assert(sample.fragment() && sample.more_fragments() && sample.dont_fragment());
static_assert(sample.fragment_offset() == 0x123 * 8);
static_assert(of(0x45, 0, 20, 0x2000).more_fragments() && !of(0x45, 0, 20, 0x2000).fragment());
static_assert(of(0x45, 0, 20, 0x4000).dont_fragment() && !of(0x45, 0, 20, 0x4000).fragment());
static_assert(of(0x45, 0, 20, 1).fragment() && !of(0x45, 0, 20, 1).more_fragments());
static_assert(of(0x45, 0, 20, 0x1fff).fragment_offset() == 65528 && !of(0x45, 0, 20, 0x8000).fragment());
static_assert(of(0x45, 0, 20, 0, 0x0102'0304).source() == net::ip_address{be32{0x0102'0304}});
static_assert([] {
    for (u32 b = 0; b < 256; b++)
        if (of(static_cast<u8>(b), 0, 20, 0).valid() != (b >= 0x45 && b <= 0x4f)) return false;
    return true;
}());

TEST_CASE("the fields of the header") {
    both first{first_half}, second{second_half};
    auto const in = packet{}
                        .ethernet()
                        .ipv4({.tos = 0xb9,
                               .identification = 0x1234,
                               .dont_fragment = true,
                               .ttl = 61,
                               .protocol = 132,
                               .checksum = 0xabcd,
                               .src = 0x0a0b'0c0d,
                               .dst = 0x0102'0304,
                               .options = {7, 4, 5, 0, 0}})
                        .payload("hello")
                        .bytes();
    auto a = first.run(in);
    CHECK(a.why == reason::none);
    u64 const front[] = {0x47, 0xb9, 33, 0x1234, 0x4000, 61, 132, 0xabcd};
    for (u32 i = 0; i < 8; i++) CHECK(a.number(i) == front[i]);
    a = second.run(in);
    u64 const back[] = {0x0a0b'0c0d, 0x0102'0304, 0, 0, 1, 0, 28, 5};
    for (u32 i = 0; i < 8; i++) CHECK(a.number(i) == back[i]);
}

TEST_CASE("cut off at every length, with every number of option words") {
    both alone{second_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u32 words = 0; words <= 10; words++) {
        byte_string const options(words * 4, 1);
        auto const in = packet{}.ethernet().ipv4({.options = options}).tcp({.src = 77}).payload("abc").bytes();
        auto const ip_end = 34 + words * 4, tcp_end = ip_end + 20;
        alone.sweep(in, ip_end);
        tcp.sweep(in, tcp_end);
        ports.sweep(in, tcp_end);
        steps.sweep(in, tcp_end);
        for (auto *const program : {&tcp, &ports, &steps}) {
            auto const a = program->run(in);
            CHECK(a.number(0) == 77);
            CHECK(a.number(1) == 80);
            CHECK(a.number(2) == 23);
            CHECK(a.number(3) == 3);
        }
    }
}

TEST_CASE("every first byte that is not version 4 with at least five words is malformed") {
    both alone{second_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u32 version = 0; version < 16; version++)
        for (u32 ihl = 0; ihl < 16; ihl++) {
            auto const in = packet{}
                                .ethernet()
                                .ipv4({.version = static_cast<u8>(version), .ihl = static_cast<u8>(ihl)})
                                .tcp()
                                .payload(byte_string(40, 0x50)) // as if options and a data offset of 5 stood there
                                .bytes();
            auto const expected = version == 4 && ihl >= 5 ? reason::none : reason::malformed;
            CHECK(alone.run(in).why == expected);
            if (expected == reason::none) continue;
            CHECK(tcp.run(in).why == expected);
            CHECK(ports.run(in).why == expected);
            CHECK(steps.run(in).why == expected);
        }
}

TEST_CASE("a total length below the header is truncated") {
    both alone{second_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u32 words = 0; words <= 10; words += 5)
        for (u32 total = 0; total < 20 + words * 4; total++) {
            auto const in = packet{}
                                .ethernet()
                                .ipv4({.total_length = static_cast<u16>(total), .options = byte_string(words * 4, 1)})
                                .tcp()
                                .payload("abcdefgh")
                                .bytes();
            INFO("total length " << total << ", options of " << words << " words");
            CHECK(alone.run(in).why == reason::truncated);
            CHECK(tcp.run(in).why == reason::truncated);
            CHECK(ports.run(in).why == reason::truncated);
            CHECK(steps.run(in).why == reason::truncated);
        }
}

TEST_CASE("a total length that ends within what it carries cuts that off") {
    both alone{second_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u16 total = 20; total <= 48; total++) {
        auto const in = packet{}.ethernet().ipv4({.total_length = total}).tcp().payload("abcdefgh").bytes();
        INFO("total length " << total);
        auto const a = alone.run(in);
        CHECK(a.why == reason::none);
        CHECK(a.number(7) == total - 20u);
        for (auto *const program : {&tcp, &ports, &steps}) {
            auto const b = program->run(in);
            CHECK(b.why == (total < 40 ? reason::truncated : reason::none));
            if (total >= 40) CHECK(b.number(3) == total - 40u);
        }
    }
}

TEST_CASE("a total length beyond the packet does not extend the payload") {
    both alone{second_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u16 const total : {49, 50, 60, 1500, 0x7fff, 0x8000, 0xffff}) {
        auto const in = packet{}.ethernet().ipv4({.total_length = total}).tcp().payload("abcdefgh").bytes();
        CHECK(alone.run(in).number(7) == 28);
        for (auto *const program : {&tcp, &ports, &steps}) {
            auto const a = program->run(in);
            CHECK(a.why == reason::none);
            CHECK(a.number(2) == 28);
            CHECK(a.number(3) == 8);
        }
        tcp.sweep(in, 54);
        ports.sweep(in, 54);
    }
}

TEST_CASE("Ethernet padding is no payload") {
    both alone{second_half}, tcp{to_tcp}, ports{to_ports};
    CHECK(alone.run(packet{}.ethernet().ipv4().padded(60)).number(7) == 0);
    auto a = tcp.run(packet{}.ethernet().ipv4().tcp().padded(60));
    CHECK(a.why == reason::none);
    CHECK(a.number(2) == 20);
    CHECK(a.number(3) == 0);
    CHECK(tcp.run(packet{}.ethernet().ipv4().tcp().payload("ab").padded(60)).number(3) == 2);
    CHECK(ports.run(packet{}.ethernet().ipv4().udp().payload("ab").padded(60)).number(3) == 2);
}

TEST_CASE("a first fragment has a transport header, the others have none") {
    both alone{second_half}, tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    auto const part = [](u16 offset, bool more) {
        return packet{}
            .ethernet()
            .ipv4({.more_fragments = more, .fragment_offset = offset})
            .tcp()
            .payload("abc")
            .bytes();
    };
    auto const whole = part(0, false), first = part(0, true);
    for (auto *const program : {&tcp, &ports, &steps}) {
        CHECK(program->run(whole).why == reason::none);
        auto const a = program->run(first);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 1234);
    }
    for (u16 const offset : {1, 2, 185, 0x100, 0x1000, 0x1fff})
        for (bool const more : {true, false}) {
            auto const in = part(offset, more);
            for (auto *const program : {&tcp, &ports, &steps}) {
                auto const a = program->run(in);
                CHECK(a.why == reason::fragment);
                for (u32 i = 0; i < test::most_numbers; i++) CHECK(a.number(i) == 0); // no ports
                program->sweep(in, [](std::size_t length, answer const &is) {
                    return length < 34 ? is.why == reason::truncated
                                       : is.why == reason::fragment || (length < 54 && is.why == reason::truncated);
                });
            }
            auto const a = alone.run(in); // IPv4 by itself is whole
            CHECK(a.why == reason::none);
            CHECK(a.number(2) == 1);
            CHECK(a.number(3) == more);
            CHECK(a.number(5) == offset * 8u);
            CHECK(a.number(7) == 23);
        }
}

TEST_CASE("the flags are no part of the offset") {
    both tcp{to_tcp}, ports{to_ports};
    CHECK(tcp.run(packet{}.ethernet().ipv4({.dont_fragment = true}).tcp()).why == reason::none);
    auto in = packet{}.ethernet().ipv4().tcp().bytes();
    in[20] = 0x80; // the reserved bit
    CHECK(tcp.run(in).why == reason::none);
    CHECK(ports.run(in).why == reason::none);
}

TEST_CASE("its protocol says what follows") {
    both tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (u32 protocol = 0; protocol < 256; protocol++) {
        auto const p = static_cast<u8>(protocol);
        auto const in = packet{}.ethernet().ipv4({.protocol = p}).tcp({.seq = 0x0020'0000}).bytes(); // UDP length 32
        CHECK(tcp.run(in).why == (p == 6 ? reason::none : reason::other_protocol));
        CHECK(steps.run(in).why == (p == 6 ? reason::none : reason::other_protocol));
        CHECK(ports.run(in).why == (p == 6 || p == 17 ? reason::none : reason::other_protocol));
    }
}

TEST_CASE("IPv4 in IPv4: the inner length is bounded by the outer one") {
    both inside{tunnel};
    auto const in = packet{}
                        .ethernet()
                        .ipv4({.ttl = 2, .options = byte_string(4, 1)})
                        .ipv4({.ttl = 3})
                        .tcp({.src = 9})
                        .payload("abc")
                        .bytes();
    auto a = inside.run(in);
    CHECK(a.why == reason::none);
    u64 const expected[] = {2, 3, 9, 80, 23, 3};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
    inside.sweep(in, 78);
    for (u16 outer = 20; outer <= 63; outer++)
        for (u16 const inner : {40, 41, 43, 100}) {
            auto const lying = packet{}
                                   .ethernet()
                                   .ipv4({.total_length = outer})
                                   .ipv4({.total_length = inner})
                                   .tcp()
                                   .payload("abc")
                                   .bytes();
            INFO("outer " << outer << ", inner " << inner);
            a = inside.run(lying);
            auto const room = std::min<u32>(outer - 20u, inner);
            CHECK(a.why == (room < 40 ? reason::truncated : reason::none));
            if (room >= 40) CHECK(a.number(5) == std::min<u32>(room - 40, 3));
        }
    CHECK(inside.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).ipv4().tcp()).why == reason::fragment);
    CHECK(inside.run(packet{}.ethernet().ipv4().ipv4({.fragment_offset = 1}).tcp()).why == reason::fragment);
    CHECK(inside.run(packet{}.ethernet().ipv4().ipv4({.ihl = 4}).tcp()).why == reason::malformed);
    CHECK(inside.run(packet{}.ethernet().ipv4().ipv4().udp().payload("0123456789abcdef")).why ==
          reason::other_protocol);
}

TEST_CASE("every type of service") {
    for (u32 tos = 0; tos < 256; tos++) {
        net::ipv4 h{};
        h.tos = static_cast<u8>(tos);
        CHECK(h.dscp() == tos / 4);
        CHECK(h.ecn() == tos % 4);
    }
}

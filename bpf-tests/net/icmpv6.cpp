// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "icmpv6.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::icmpv6> && sizeof(net::icmpv6) == 8);
static_assert(follows<net::icmpv6, net::ipv6>::value && !follows<net::icmpv6, net::tcp>::value);
static_assert(__builtin_offsetof(net::icmpv6, checksum) == 2 && __builtin_offsetof(net::icmpv6, rest) == 4);
constexpr net::icmpv6 sample{129, 0, {}, be32{0x1234'5678}};
static_assert(!sample.is_echo() && sample.is_echo_reply() && !sample.is_error());
static_assert(sample.next() == net::quoted_ip{} && net::icmpv6{1, 0, {}, {}}.next() == net::quoted_ip{6});
static_assert(sample.identifier() == 0x1234 && sample.sequence() == 0x5678);

TEST_CASE("the fields of a message") {
    both what{message};
    auto const a = what.run(packet{}
                                .ethernet()
                                .ipv6()
                                .icmpv6({.type = 135, .code = 3, .checksum = 0xabcd, .rest = 0x1234'5678})
                                .payload("hello")
                                .padded(80));
    CHECK(a.why == reason::none);
    u64 const expected[] = {135, 3, 0xabcd, 0x1234'5678, 0x1234, 0x5678, 5};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("cut off at every length") {
    both what{message};
    what.sweep(packet{}.ethernet().ipv6().icmpv6().payload("abc").padded(80), 62);
    what.sweep(packet{}.ethernet().ipv6().hop_by_hop().icmpv6().payload("abc"), 70);
    for (u16 length = 0; length < 8; length++)
        CHECK(what.run(packet{}.ethernet().ipv6({.payload_length = length}).icmpv6().payload("abc")).why ==
              reason::truncated);
}

TEST_CASE("types below 128 are errors") {
    both which{kind};
    for (u32 type = 0; type < 256; type++) {
        auto const a = which.run(packet{}.ethernet().ipv6().icmpv6({.type = static_cast<u8>(type)}));
        CHECK(a.number(0) == (type < 128));
        CHECK(a.number(1) == (type == 128));
        CHECK(a.number(2) == (type == 129));
    }
}

TEST_CASE("a later fragment has no message, and IPv4 has none of this kind") {
    both what{message};
    CHECK(what.run(packet{}.ethernet().ipv6().fragment({.offset = 3}).icmpv6()).why == reason::fragment);
    CHECK(what.run(packet{}.ethernet().ipv4().icmp()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv6().icmp()).why == reason::other_protocol);
}

TEST_CASE("a quoted packet is checked as any other, its extension headers too") {
    both quote{quoted};
    auto const inner = packet{}
                           .ipv6({.payload_length = 1200, .hop_limit = 7})
                           .destination()
                           .tcp({.src = 5, .dst = 6})
                           .payload("abc")
                           .bytes();
    auto const in = packet{}.ethernet().ipv6().hop_by_hop().icmpv6({.type = 2}).payload(inner).padded(150).bytes();
    auto const a = quote.run(in);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 7);
    CHECK(a.number(1) == 5);
    CHECK(a.number(2) == 6);
    CHECK(a.number(3) == 3);
    quote.sweep(in, 14 + 40 + 8 + 8 + 40 + 8 + 20);
    auto const why = [&](byte_string const &b) {
        return quote.run(packet{}.ethernet().ipv6().icmpv6({.type = 1}).payload(b)).why;
    };
    CHECK(why(packet{}.ipv6({.version = 4}).tcp()) == reason::malformed);
    CHECK(why(packet{}.ipv6().fragment({.offset = 1}).tcp()) == reason::fragment);
    CHECK(why(packet{}.ipv6().udp().payload("0123456789ab")) == reason::other_protocol);
    CHECK(quote.run(packet{}.ethernet().ipv6().icmpv6().payload(inner)).why == reason::other_protocol);
}

TEST_CASE("a segment that is quoted in part has its ports") {
    both whole{quoted}, ports{quoted_ports};
    auto const inner = packet{}.ipv6({.hop_limit = 7}).destination().tcp({.src = 5, .dst = 6}).bytes();
    byte_string const cut{inner.begin(), inner.begin() + 56};
    auto const in = packet{}.ethernet().ipv6().icmpv6({.type = 3}).payload(cut).bytes();
    auto const a = ports.run(in);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 7);
    CHECK(a.number(1) == 5);
    CHECK(a.number(2) == 6);
    CHECK(a.number(3) == 4);
    ports.sweep(in, 114);
    CHECK(whole.run(in).why == reason::truncated);
    auto const why = [&](u8 type, byte_string const &b) {
        return ports.run(packet{}.ethernet().ipv6().icmpv6({.type = type}).payload(b)).why;
    };
    CHECK(why(1, packet{}.ipv6().fragment({.offset = 1}).tcp()) == reason::fragment);
    CHECK(why(1, packet{}.ipv6().icmpv6()) == reason::other_protocol);
    CHECK(why(127, inner) == reason::none);
    CHECK(why(128, inner) == reason::other_protocol);
}

TEST_CASE("an error is put before what it quotes") {
    both run{too_big};
    byte_string const from(16, 0x20), to(16, 0x21);
    for (u16 size = 0; size < 40; size++) {
        auto const quoted = [&](packet p) {
            return p.ipv6({.src = from, .dst = to}).hop_by_hop().udp().payload(byte_string(size, 0xa7)).bytes();
        };
        auto const in = quoted(packet{}.ethernet({.dst = {1, 2, 3, 4, 5, 6}, .src = {7, 8, 9, 10, 11, 12}}));
        auto const out = packet{}
                             .ethernet({.dst = {7, 8, 9, 10, 11, 12}, .src = {1, 2, 3, 4, 5, 6}})
                             .ipv6({.src = to, .dst = from})
                             .icmpv6({.type = 2, .rest = 1400})
                             .payload(quoted(packet{}))
                             .bytes();
        auto const a = run.run(in);
        CHECK(a.verdict == xdp::tx);
        CHECK(a.bytes == out);
    }
}

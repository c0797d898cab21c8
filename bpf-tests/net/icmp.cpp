// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "icmp.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::icmp> && sizeof(net::icmp) == 8);
static_assert(follows<net::icmp, net::ipv4>::value && !follows<net::icmp, net::udp>::value);
static_assert(__builtin_offsetof(net::icmp, checksum) == 2 && __builtin_offsetof(net::icmp, rest) == 4);
constexpr net::icmp sample{8, 0, {}, be32{0x1234'5678}};
static_assert(sample.is_echo() && !sample.is_echo_reply() && !sample.is_error());
static_assert(sample.next() == net::quoted_ip{} && net::icmp{3, 0, {}, {}}.next() == net::quoted_ip{4});
static_assert(sample.identifier() == 0x1234 && sample.sequence() == 0x5678);

TEST_CASE("the fields of a message") {
    both what{message};
    auto const a = what.run(packet{}
                                .ethernet()
                                .ipv4()
                                .icmp({.type = 8, .code = 3, .checksum = 0xabcd, .rest = 0x1234'5678})
                                .payload("hello")
                                .padded(60));
    CHECK(a.why == reason::none);
    u64 const expected[] = {8, 3, 0xabcd, 0x1234'5678, 0x1234, 0x5678, 5};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("cut off at every length") {
    both what{message};
    what.sweep(packet{}.ethernet().ipv4().icmp().payload("abc").padded(60), 42);
    what.sweep(packet{}.ethernet().ipv4({.options = byte_string(40, 1)}).icmp().payload("abc"), 82);
    for (u16 total = 20; total < 28; total++)
        CHECK(what.run(packet{}.ethernet().ipv4({.total_length = total}).icmp().payload("abc")).why ==
              reason::truncated);
}

TEST_CASE("errors quote a packet, echoes do not") {
    both which{kind};
    for (u32 type = 0; type < 256; type++) {
        auto const a = which.run(packet{}.ethernet().ipv4().icmp({.type = static_cast<u8>(type)}));
        bool const error = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
        CHECK(a.number(0) == error);
        CHECK(a.number(1) == (type == 8));
        CHECK(a.number(2) == (type == 0));
    }
}

TEST_CASE("a later fragment has no message, and IPv6 has none of this kind") {
    both what{message};
    CHECK(what.run(packet{}.ethernet().ipv4({.fragment_offset = 3}).icmp()).why == reason::fragment);
    CHECK(what.run(packet{}.ethernet().ipv6().icmpv6()).why == reason::other_protocol);
    CHECK(what.run(packet{}.ethernet().ipv4({.protocol = 58}).icmp()).why == reason::other_protocol);
}

TEST_CASE("a quoted packet is checked as any other") {
    both quote{quoted};
    auto const inner = packet{}
                           .ipv4({.total_length = 1000, .src = 0x0102'0304})
                           .udp({.src = 5, .dst = 6, .length = 980})
                           .payload("abc")
                           .bytes();
    auto const in = packet{}.ethernet().ipv4().icmp({.type = 3, .code = 4}).payload(inner).padded(90).bytes();
    auto const a = quote.run(in);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0x0102'0304);
    CHECK(a.number(1) == 5);
    CHECK(a.number(2) == 6);
    CHECK(a.number(3) == 3);
    quote.sweep(in, 70);
    auto const why = [&](byte_string const &b) {
        return quote.run(packet{}.ethernet().ipv4().icmp({.type = 11}).payload(b)).why;
    };
    CHECK(why(packet{}.ipv4({.version = 6}).udp()) == reason::malformed);
    CHECK(why(packet{}.ipv4({.ihl = 15}).udp({.length = 8})) == reason::truncated);
    CHECK(why(packet{}.ipv4({.fragment_offset = 1}).udp()) == reason::fragment);
    CHECK(why(packet{}.ipv4().tcp()) == reason::other_protocol);
    CHECK(quote.run(packet{}.ethernet().ipv4().icmp().payload(inner)).why == reason::other_protocol);
}

TEST_CASE("eight bytes of a quoted packet are enough for its ports") {
    both whole{quoted}, ports{quoted_ports};
    for (auto const &inner : {packet{}.ipv4({.src = 0x0102'0304}).tcp({.src = 5, .dst = 6}).bytes(),
                              packet{}.ipv4({.src = 0x0102'0304}).udp({.src = 5, .dst = 6}).bytes(),
                              packet{}.ipv4({.src = 0x0102'0304}).other({0, 5, 0, 6, 0, 0, 0, 0}, {}, 33).bytes(),
                              packet{}.ipv4({.src = 0x0102'0304}).other({0, 5, 0, 6, 0, 0, 0, 0}, {}, 132).bytes(),
                              packet{}.ipv4({.src = 0x0102'0304}).other({0, 5, 0, 6, 0, 0, 0, 0}, {}, 136).bytes()}) {
        byte_string const cut{inner.begin(), inner.begin() + 28};
        auto const in = packet{}.ethernet().ipv4().icmp({.type = 3, .code = 1}).payload(cut).bytes();
        auto const a = ports.run(in);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 0x0102'0304);
        CHECK(a.number(1) == 5);
        CHECK(a.number(2) == 6);
        CHECK(a.number(3) == 4);
        ports.sweep(in, 66);
        if (inner[9] != 17) CHECK(whole.run(in).why == reason::other_protocol);
    }
    auto const why = [&](byte_string const &b) {
        return ports.run(packet{}.ethernet().ipv4().icmp({.type = 11}).payload(b)).why;
    };
    CHECK(why(packet{}.ipv4().icmp()) == reason::other_protocol);
    CHECK(why(packet{}.ipv4({.fragment_offset = 1}).tcp()) == reason::fragment);
    CHECK(why(packet{}.ipv4({.total_length = 23}).tcp()) == reason::truncated);
    CHECK(why(packet{}.ipv4({.options = byte_string(8, 1)}).tcp()) == reason::none);
    CHECK(why(packet{}.ipv6().tcp()) == reason::malformed);
}

TEST_CASE("only errors quote") {
    both ports{quoted_ports};
    auto const inner = packet{}.ipv4().tcp().bytes();
    for (u32 type = 0; type < 256; type++) {
        bool const error = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
        CHECK(ports.run(packet{}.ethernet().ipv4().icmp({.type = static_cast<u8>(type)}).payload(inner)).why ==
              (error ? reason::none : reason::other_protocol));
    }
}

TEST_CASE("an error is put before what it quotes") {
    both run{too_big};
    for (u16 size = 0; size < 40; size++) {
        auto const quoted = [&](packet p) {
            return p.ipv4({.src = 9, .options = byte_string(4, 1)}).udp().payload(byte_string(size, 0xa7)).bytes();
        };
        auto const in = quoted(packet{}.ethernet({.dst = {1, 2, 3, 4, 5, 6}, .src = {7, 8, 9, 10, 11, 12}}));
        auto const out = packet{}
                             .ethernet({.dst = {7, 8, 9, 10, 11, 12}, .src = {1, 2, 3, 4, 5, 6}})
                             .ipv4({.identification = 0, .dont_fragment = true, .src = 0xc000'0201, .dst = 9})
                             .icmp({.type = 3, .code = 4, .rest = 1400})
                             .payload(quoted(packet{}))
                             .bytes();
        auto const a = run.run(in);
        CHECK(a.verdict == xdp::tx);
        CHECK(a.bytes == out);
    }
}

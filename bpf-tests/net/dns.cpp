// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "dns.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::dns> && sizeof(net::dns) == 12 && !parent<net::dns>);
static_assert(__builtin_offsetof(net::dns, flags) == 2 && __builtin_offsetof(net::dns, questions) == 4);
static_assert(__builtin_offsetof(net::dns, answers) == 6 && __builtin_offsetof(net::dns, additionals) == 10);
static_assert(matches(net::dns::id, net::udp_port{53}) && !matches(net::dns::id, net::udp_port{5353}));
constexpr auto of(u8 flags, u8 flags_rcode) -> net::dns { return {{}, flags, flags_rcode, {}, {}, {}, {}}; }
static_assert(of(0x80, 0).is_response() && !of(0x7f, 0xff).is_response());
static_assert(of(0x28, 0).opcode() == 5 && of(0x87, 0).opcode() == 0 && of(0x78, 0).opcode() == 15);
static_assert(of(0x04, 0).authoritative() && of(0x02, 0).truncated() && of(0x01, 0).recursion_desired());
static_assert(of(0, 0x80).recursion_available() && of(0, 0x20).authentic_data() && of(0, 0x10).checking_disabled());
static_assert(!of(0xfb, 0xff).authoritative() && !of(0xfd, 0xff).truncated() && !of(0xfe, 0xff).recursion_desired());
static_assert(!of(0xff, 0x7f).recursion_available() && !of(0xff, 0xdf).authentic_data());
static_assert(!of(0xff, 0xef).checking_disabled() && of(0, 0xff).rcode() == 15);
static_assert(of(0, 0xf3).rcode() == 3);

static byte_string const head = {0x12, 0x34, 0x29, 0x03, 0, 1, 0, 2, 0, 3, 0, 4};

TEST_CASE("the fields, over either IP") {
    both what{query};
    for (auto const &in :
         {packet{}.ethernet().ipv4().udp({.dst = 53}).payload(head).payload("rest").padded(80).bytes(),
          packet{}.ethernet().ipv6().udp({.dst = 53}).payload(head).payload("rest").padded(90).bytes()}) {
        auto const a = what.run(in);
        CHECK(a.why == reason::none);
        u64 const expected[] = {0x1234, 1, 2, 3, 4, 5, 3, 4};
        for (u32 i = 0; i < 8; i++) CHECK(a.number(i) == expected[i]);
    }
}

TEST_CASE("each flag alone") {
    both which{flags};
    u32 const bits[] = {0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010};
    for (u32 bit = 0; bit < 16; bit++) {
        auto message = head;
        message[2] = static_cast<u8>(1u << bit >> 8), message[3] = static_cast<u8>(1u << bit);
        auto const a = which.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(message));
        for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == (bits[i] == 1u << bit));
    }
}

TEST_CASE("cut off at every length, and by UDP's length") {
    both what{query};
    what.sweep(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(head).payload("abc"), 54);
    what.sweep(packet{}.ethernet().ipv6().udp({.dst = 53}).payload(head).payload("abc"), 74);
    for (u16 length = 8; length < 20; length++)
        CHECK(what.run(packet{}.ethernet().ipv4().udp({.dst = 53, .length = length}).payload(head)).why ==
              reason::truncated);
}

TEST_CASE("a query goes to port 53, an answer comes from there") {
    both asks{query}, answers{answer};
    for (u16 const port : {52, 54, 5353, 853, 0})
        CHECK(asks.run(packet{}.ethernet().ipv4().udp({.dst = port}).payload(head)).why == reason::other_protocol);
    auto reply = head;
    reply[2] = 0x81;
    auto const in = packet{}.ethernet().ipv4().udp({.src = 53, .dst = 1234}).payload(reply).bytes();
    auto const a = answers.run(in);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 2);
    CHECK(asks.run(in).why == reason::other_protocol);
    CHECK(answers.run(packet{}.ethernet().ipv4().udp({.dst = 53}).payload(reply)).why == reason::other_protocol);
    answers.sweep(in, [](std::size_t length, test::answer const &is) {
        return is.why == (length < 54 ? reason::truncated : reason::none);
    });
}

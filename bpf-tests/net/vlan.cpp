// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "vlan.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(header<net::vlan> && sizeof(net::vlan) == 4);
static_assert(__builtin_offsetof(net::vlan, tci) == 0 && __builtin_offsetof(net::vlan, type) == 2);
static_assert(matches(net::vlan::id, be{net::ether_type{0x8100}}) &&
              matches(net::vlan::id, be{net::ether_type{0x88a8}}));
static_assert(!matches(net::vlan::id, be{net::ether_type{0x9100}}));
constexpr net::vlan sample{be16{0xb123}, be{net::ether_type{0x0800}}}; // priority 5, drop eligible, identifier 0x123
static_assert(sample.priority() == 5 && sample.drop_eligible() && sample.identifier() == 0x123);
static_assert(!net::vlan{be16{0xefff}, {}}.drop_eligible() && net::vlan{be16{0xefff}, {}}.priority() == 7);
static_assert(net::vlan{be16{0xffff}, {}}.identifier() == 0xfff);
static_assert(net::vlan::of(0xffff, 5).tci == be16{0xafff} && net::vlan::of(0x801).tci == be16{0x0801});

TEST_CASE("the fields of a tag") {
    both see{one_tag};
    auto const a = see.run(packet{}.ethernet().vlan({.tci = 0xb123, .type = 0x1234}).payload("hello"));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0xb123);
    CHECK(a.number(1) == 0x1234);
    CHECK(a.number(2) == 0x123);
    CHECK(a.number(3) == 5);
    CHECK(a.number(4) == 1);
    CHECK(a.number(5) == 5);
}

TEST_CASE("a tag is whole from 18 bytes on") {
    both see{one_tag};
    see.sweep(packet{}.ethernet().vlan(7).ipv4().tcp(), 18);
}

TEST_CASE("802.1Q and 802.1ad are tags, other types are not") {
    both see{one_tag};
    CHECK(see.run(packet{}.ethernet().vlan(7, 0x8100)).number(2) == 7);
    CHECK(see.run(packet{}.ethernet().vlan(7, 0x88a8)).number(2) == 7);
    for (u16 const tag : {0x0800, 0x8101, 0x9100, 0x9200, 0x88a9, 0x0081, 0xa888})
        CHECK(see.run(packet{}.ethernet().vlan(7, tag)).why == reason::other_protocol);
}

TEST_CASE("none, one and two tags, of either kind") {
    both see{some_tags};
    auto a = see.run(packet{}.ethernet().ipv4({.ttl = 9}).payload("abc"));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 0);
    CHECK(a.number(2) == 9);
    CHECK(a.number(3) == 3);
    for (u16 const outer : {0x8100, 0x88a8}) {
        a = see.run(packet{}.ethernet().vlan(5, outer).ipv4({.ttl = 9}).payload("abc"));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 1);
        CHECK(a.number(1) == 5);
        CHECK(a.number(2) == 9);
        CHECK(a.number(3) == 3);
        for (u16 const inner : {0x8100, 0x88a8}) {
            a = see.run(packet{}.ethernet().vlan(5, outer).vlan(6, inner).ipv4({.ttl = 9}).payload("abc"));
            CHECK(a.why == reason::none);
            CHECK(a.number(0) == 2);
            CHECK(a.number(1) == 6);
            CHECK(a.number(2) == 9);
            CHECK(a.number(3) == 3);
        }
    }
}

TEST_CASE("cut off at every length, with every number of tags") {
    both some{some_tags}, two{two_tags}, mixed{tags_any};
    some.sweep(packet{}.ethernet().ipv4().payload("abc"), 34);
    some.sweep(packet{}.ethernet().vlan(5).ipv4().payload("abc"), 38);
    some.sweep(packet{}.ethernet().vlan(5).vlan(6).ipv4().payload("abc"), 42);
    two.sweep(packet{}.ethernet().vlan(5).vlan(6).ipv4().payload("abc"), 42);
    mixed.sweep(packet{}.ethernet().vlan(5).ipv6().payload("abc"), 58);
    mixed.sweep(packet{}.ethernet().vlan(5).vlan(6).arp(), 50);
}

TEST_CASE("a third tag is too deep") {
    both some{some_tags}, mixed{tags_any};
    auto const three = packet{}.ethernet().vlan(5).vlan(6).vlan(7).ipv4().payload("abc").bytes();
    CHECK(some.run(three).why == reason::too_deep);
    CHECK(mixed.run(three).why == reason::too_deep);
}

TEST_CASE("behind tags other protocols are other protocols") {
    both some{some_tags}, two{two_tags}, mixed{tags_any};
    CHECK(some.run(packet{}.ethernet().vlan(5).arp()).why == reason::other_protocol);
    CHECK(some.run(packet{}.ethernet().vlan(5).vlan(6).ipv6().tcp()).why == reason::other_protocol);
    CHECK(two.run(packet{}.ethernet().vlan(5).ipv4().tcp()).why == reason::other_protocol);
    CHECK(two.run(packet{}.ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(two.run(packet{}.ethernet().vlan(5).vlan(6).vlan(7).ipv4().tcp()).why == reason::other_protocol);
    CHECK(mixed.run(packet{}.ethernet().vlan({.type = 0x88cc}).payload(test::byte_string(60))).why ==
          reason::other_protocol);
    CHECK(mixed.run(packet{}.ethernet().vlan(5).vlan(6).arp()).number(4) == 1);
    CHECK(mixed.run(packet{}.ethernet().vlan(5).ipv6()).number(3) == 1);
}

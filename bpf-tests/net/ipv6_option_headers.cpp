// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ipv6_option_headers.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::ipv6_routing> && sizeof(net::ipv6_shim6) == 8 && header<net::ipv6_fragment>);
static_assert(net::ipv6_hop_by_hop::id == net::ip_proto{0} && net::ipv6_routing::id == net::ip_proto{43});
static_assert(net::ipv6_destination::id == net::ip_proto{60} && net::ipv6_mobility::id == net::ip_proto{135});
static_assert(net::ipv6_host_identity::id == net::ip_proto{139} && net::ipv6_shim6::id == net::ip_proto{140});
constexpr net::ipv6_fragment first{net::ip_proto{17}, 0, be16{1}, be32{7}},
    last{net::ip_proto{17}, 0, be16{0x0ff8}, be32{7}};
static_assert(!first.fragment() && first.more_fragments() && first.fragment_offset() == 0);
static_assert(last.fragment() && !last.more_fragments() && last.fragment_offset() == 0xff8);
static_assert(!net::ipv6_fragment{{}, 0, be16{6}, {}}.fragment()); // two bits are reserved

namespace {
/// No header before the options: nothing says which is the first.
auto options_first() -> packet { return packet{}; }
} // namespace

TEST_CASE("one behind the other, each as long as it says") {
    both two{options}, one{routed}, three{rare};
    for (u8 units : {0, 1, 2, 31, 255}) {
        auto const data = byte_string(units * 8u + 6);
        auto const in = options_first().hop_by_hop({.data = data}).destination().udp({.dst = 9}).payload("abc").bytes();
        auto const a = two.run(in);
        u64 const expected[] = {units, units * 8u, 0, 1, 9};
        for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == expected[i]);
        CHECK(a.why == reason::none);
        auto const b = one.run(options_first().routing({.data = data}).udp({.dst = 8}));
        CHECK((b.why == reason::none && b.number(0) == units && b.number(1) == units * 8u && b.number(2) == 8));
    }
    two.sweep(options_first().hop_by_hop({.data = byte_string(14)}).destination().udp().payload("abc"), 32);
    one.sweep(options_first().routing({.data = byte_string(22)}).udp().payload("abc"), 32);
    auto const c =
        three.run(options_first().mobility({.data = byte_string(14)}).hip().shim6({.data = byte_string(22)}).udp());
    CHECK((c.why == reason::none && c.number(0) == 1 && c.number(1) == 0 && c.number(2) == 2 && c.number(3) == 53));
    three.sweep(options_first().mobility().hip().shim6().udp(), 32);
}

TEST_CASE("another header than the one before says") {
    both two{options}, one{routed}, three{rare};
    CHECK(two.run(options_first().hop_by_hop().routing().udp()).why == reason::other_protocol);
    CHECK(two.run(options_first().hop_by_hop().destination().tcp()).why == reason::other_protocol);
    CHECK(one.run(options_first().routing({.next_header = u8{6}}).udp()).why == reason::other_protocol);
    CHECK(three.run(options_first().mobility().shim6().hip().udp()).why == reason::other_protocol);
    CHECK(two.run(options_first().hop_by_hop({.length = u8{255}}).destination().udp()).why == reason::truncated);
}

TEST_CASE("fragments: the first has what it carries, later ones have not") {
    both run{part};
    auto a = run.run(options_first().fragment({.more = true, .identification = 77}).udp({.dst = 9}));
    CHECK((a.why == reason::none && a.number(0) == 0 && a.number(1) == 1 && a.number(2) == 77 && a.number(3) == 9));
    a = run.run(options_first().fragment({.offset = 3, .identification = 77}).udp({.dst = 9}));
    CHECK((a.why == reason::none && a.number(0) == 24 && a.number(1) == 0 && a.number(2) == 77 && a.number(3) == 0));
    run.sweep(options_first().fragment({.offset = 3}).payload("abc"), 8);
    run.sweep(options_first().fragment().udp(), 16);
    CHECK(run.run(options_first().fragment().tcp()).number(3) == 0);
}

TEST_CASE("a walk shows each of them") {
    both run{walked_all};
    auto const all = options_first()
                         .hop_by_hop()
                         .routing({.data = byte_string(14)})
                         .fragment()
                         .destination()
                         .mobility()
                         .hip()
                         .shim6()
                         .udp()
                         .payload("abc")
                         .bytes();
    auto const a = run.run(all);
    CHECK((a.why == reason::none && a.number(0) == 0x0123'4567 && a.number(1) == 72 && a.number(2) == 8));
    run.sweep(all, 72);
    auto const later = run.run(options_first().hop_by_hop().fragment({.offset = 1}).udp());
    CHECK((later.why == reason::fragment && later.number(0) == 0x02 && later.number(2) == 2));
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "header.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;
using bytes_of = test::byte_string;
using net::ether_type, net::ip_proto, net::udp_port, net::tcp_port;

// matches(): one key, several, any; and only within one key space.
static_assert(matches(ip_proto{6}, ip_proto{6}) && !matches(ip_proto{6}, ip_proto{17}));
static_assert(matches(udp_port{80}, be{udp_port{80}}) && !matches(udp_port{80}, be{udp_port{0x5000}}));
static_assert(matches(any<udp_port>{}, udp_port{1}) && matches(any<udp_port>{}, be{udp_port{65535}}));
constexpr auto mixed = one_of{ether_type{0x0800}, ip_proto{4}, ether_type{0x86dd}, ip_proto{41}};
static_assert(matches(mixed, ether_type{0x0800}) && matches(mixed, ether_type{0x86dd}));
static_assert(matches(mixed, be{ether_type{0x86dd}}) && !matches(mixed, be{ether_type{0xdd86}}));
static_assert(matches(mixed, ip_proto{4}) && matches(mixed, ip_proto{41}) && !matches(mixed, ip_proto{6}));
static_assert(!matches(mixed, ether_type{4}) && !matches(mixed, ether_type{41}));
static_assert(in_space<ip_proto, ip_proto> && !in_space<ip_proto, ether_type> && !in_space<udp_port, tcp_port>);
static_assert(in_space<decltype(mixed), ip_proto> && in_space<decltype(mixed), be<ether_type>> &&
              !in_space<decltype(mixed), udp_port>);
static_assert(in_space<any<udp_port>, udp_port> && !in_space<any<udp_port>, tcp_port>);

// with_id: the same header, other keys.
using moved = with_id<records, udp_port{1}, tcp_port{2}>;
static_assert(header<moved> && sizeof(moved) == sizeof(records) && sized<moved> && parent<moved>);
static_assert(is_same<next_key<moved>, next_key<records>>);
static_assert(matches(moved::id, udp_port{1}) && matches(moved::id, be{tcp_port{2}}) &&
              !matches(moved::id, udp_port{2}));
static_assert(matches(with_id<last, any<udp_port>{}>::id, udp_port{7}) && !in_space<decltype(moved::id), ip_proto>);

// What a header may be made of.
struct padded_header {
    u16 aligned;
};
struct virtual_header {
    virtual auto f() -> void;
    u8 a;
};
struct no_bytes {};
static_assert(header<records> && header<piece> && header<last> && header<net::ipv4>);
static_assert(!header<padded_header> && !header<virtual_header> && !header<no_bytes>);
static_assert(sized<records> && !sized<piece> && !sized<net::ipv4> && sized<net::udp> == false);
static_assert(optioned<net::ipv4> && !optioned<records> && extended<net::ethernet> == false);
static_assert(parent<records> && parent<piece> && !parent<last>);

// What is not declared has a default.
static_assert(valid(last{}) && !fragment(last{}) && !valid(records{2, 0}) && valid(records{1, 0}));
static_assert(fragment(piece{{}, 1, 0}) && !fragment(piece{{}, 0, 0}));

namespace {
auto on(u16 port, bytes_of const &payload) -> packet {
    return packet{}.ethernet().ipv4().udp({.dst = port}).payload(payload);
}
} // namespace

TEST_CASE("a header that says its own size, on two ports") {
    both run{own_size};
    bytes_of const three = {1, 3, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0x12, 0x34, 0x99};
    for (u16 port : {u16{4000}, u16{4001}}) {
        auto const a = run.run(on(port, three));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 3);
        CHECK(a.number(1) == 0x1234);
        CHECK(a.number(2) == 1);
        run.sweep(on(port, three), 53);
        run.sweep(on(port, {1, 1, 0xee, 0x12, 0x34}), 47);
    }
    CHECK(run.run(on(4002, three)).why == reason::other_protocol);
    CHECK(run.run(on(0xa00f, three)).why == reason::other_protocol); // 4000 in the other byte order
    CHECK(run.run(on(4000, {2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2})).why == reason::malformed);
    CHECK(run.run(on(4000, {1, 0, 0, 0, 0, 0})).why == reason::malformed); // smaller than itself
    CHECK(run.run(on(4000, {1, 255, 0, 0, 0, 0})).why == reason::truncated);
    CHECK(run.run(on(4000, {1, 255, 0, 0, 0, 0}).padded(1000)).why == reason::truncated);
    CHECK(run.run(on(4000, test::joined({1, 255}, bytes_of(765)))).why == reason::none);
    CHECK(run.run(on(4000, test::joined({1, 255}, bytes_of(764)))).why == reason::truncated);
}

TEST_CASE("a header with a length of its own, on any port") {
    both run{own_length};
    for (u16 port : {u16{0}, u16{9}, u16{80}, u16{65535}}) {
        auto const a = run.run(on(port, {0, 9, 0, 9, 1, 2, 3, 4, 5, 6}));
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 9);
        CHECK(a.number(1) == 5);
        CHECK(a.number(2) == 0);
    }
    auto const why = [&](bytes_of const &payload) { return static_cast<reason>(run.run(on(7, payload)).number(2)); };
    CHECK(why({0, 8, 0, 9, 1, 2, 3, 4, 5, 6}) == reason::none);
    CHECK(why({0, 7, 0, 9, 1, 2, 3, 4, 5, 6}) == reason::truncated);
    CHECK(why({0, 9, 0, 8, 1, 2, 3, 4, 5, 6}) == reason::other_protocol);
    CHECK(why({0, 9, 1, 9, 1, 2, 3, 4, 5, 6}) == reason::fragment);
    CHECK(run.run(on(7, {0, 200, 0, 9, 1, 2, 3, 4, 5, 6}).padded(200)).number(1) == 6);
    run.sweep(on(7, {0, 4, 0, 9}), 46);
}

TEST_CASE("a header whose payload may start in the middle") {
    both run{own_fragment};
    auto const a = run.run(on(1, {0, 10, 0, 9, 1, 2, 3, 4, 5, 6}));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 0x0102'0304);
    CHECK(a.number(1) == 2);
    CHECK(run.run(on(1, {0, 10, 7, 9, 1, 2, 3, 4, 5, 6})).why == reason::fragment);
    run.sweep(on(1, {0, 10, 0, 9, 1, 2, 3, 4, 5, 6}), 50);
}

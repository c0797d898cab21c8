// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "l2tpv3.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::l2tpv3> && sizeof(net::l2tpv3) == 4 && sizeof(with_cookie) == 4);
static_assert(matches(net::l2tpv3::id, net::ip_proto{115}) && !matches(net::l2tpv3::id, net::ip_proto{114}));
constexpr net::l2tpv3 data{be32{7}}, control{be32{0}};
static_assert(data.options() == 0 && !data.is_control() && data.next() == net::ether_type{0x6558});
static_assert(control.is_control() && control.next() == net::no_ether_type);
static_assert(with_cookie{be32{7}}.options() == 12 && with_cookie{be32{0}}.options() == 0);

static auto session(u8 id, std::size_t more) -> byte_string {
    byte_string b{0, 0, 0, id};
    b.resize(4 + more, 0x5a);
    return b;
}
static auto in_ip(byte_string const &header) -> packet { return packet{}.ethernet().ipv4().other(header, {}, 115); }

TEST_CASE("the fields of the header") {
    both see{plain}, with{cookie};
    for (auto const &in : {in_ip(session(7, 0)).payload("inside").bytes(),
                           packet{}.ethernet().ipv6().other(session(7, 0), {}, 115).payload("inside").bytes()}) {
        auto const a = see.run(in);
        CHECK((a.why == reason::none && a.number(0) == 7 && a.number(1) == 0 && a.number(2) == 0 && a.number(3) == 6));
    }
    auto a = with.run(in_ip(session(7, 12)).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {7, 0, 12, 0x5a5a5a5a5a5a5a5a, 6};
    for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == expected[i]);
    a = with.run(in_ip(session(0, 0)).payload("inside")); // a control message has no cookie
    CHECK((a.why == reason::none && a.number(1) == 1 && a.number(2) == 0 && a.number(4) == 6));
}

TEST_CASE("cut off at every length") {
    both see{plain}, with{cookie}, frame{inner}, frame_with{inner_cookie}, ip{inner_ip};
    see.sweep(in_ip(session(7, 0)).payload("abc").padded(60), 38);
    with.sweep(in_ip(session(7, 12)).payload("abc").padded(60), 50);
    frame.sweep(in_ip(session(7, 0)).ethernet().ipv4().tcp().payload("abc"), 92);
    frame.sweep(in_ip(session(7, 0)).ethernet().ipv6().tcp().payload("abc"), 112);
    frame_with.sweep(in_ip(session(7, 12)).ethernet().ipv4().payload("abc"), 84);
    frame_with.sweep(packet{}.ethernet().ipv6().other(session(7, 12), {}, 115).ethernet().ipv4().payload("abc"), 104);
    ip.sweep(in_ip(session(7, 4)).ipv4().payload("abc"), 62);
}

TEST_CASE("what it leads to") {
    both see{plain}, frame{inner}, frame_with{inner_cookie}, ip{inner_ip};
    auto const a = frame.run(in_ip(session(7, 0)).ethernet().ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {7, 0x0800, 443, 3};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    CHECK(frame.run(in_ip(session(7, 0)).ethernet().ipv6().tcp()).number(1) == 0x86dd);
    CHECK(frame_with.run(in_ip(session(7, 12)).ethernet().ipv4().payload("abc")).number(2) == 3);
    CHECK(ip.run(in_ip(session(7, 4)).ipv4({.ttl = 9}).payload("abc")).number(1) == 9);
    CHECK(frame.run(in_ip(session(0, 0)).ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(frame_with.run(in_ip(session(0, 12)).ethernet().ipv4()).why == reason::other_protocol);
    CHECK(frame.run(in_ip(session(7, 0)).ethernet().arp().payload(byte_string(40))).why == reason::other_protocol);
    CHECK(see.run(packet{}.ethernet().ipv4().other(session(7, 0), {}, 114)).why == reason::other_protocol);
}

TEST_CASE("an IP length that ends within the cookie") {
    both with{cookie};
    for (u16 total = 20; total < 36; total++)
        CHECK(with.run(packet{}.ethernet().ipv4({.total_length = total}).other(session(7, 12), {}, 115)).why ==
              reason::truncated);
}

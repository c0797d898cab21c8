// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "vxlan_gpe.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::vxlan_gpe> && sizeof(net::vxlan_gpe) == 8);
static_assert(__builtin_offsetof(net::vxlan_gpe, next_protocol) == 3);
static_assert(__builtin_offsetof(net::vxlan_gpe, vni_reserved) == 4);
static_assert(matches(net::vxlan_gpe::id, net::udp_port{4790}) && !matches(net::vxlan_gpe::id, net::udp_port{4789}));
constexpr auto with(u8 flags, u8 next) -> net::vxlan_gpe { return {flags, {}, next, be32{0x123456ff}}; }
static_assert(with(0x0c, 1).valid() && with(0x0c, 1).vni() == 0x123456 && with(0x0c, 1).has_next_protocol());
static_assert(!with(0x04, 1).valid() && !with(0x1c, 1).valid() && !with(0x2c, 1).valid());
static_assert(with(0x0c, 1).next() == net::ether_type{0x0800} && with(0x0c, 2).next() == net::ether_type{0x86dd});
static_assert(with(0x0c, 3).next() == net::ether_type{0x6558} && with(0x0c, 4).next() == net::ether_type{0x894f});
static_assert(with(0x0c, 5).next() == net::ether_type{0x8847} && with(0x0c, 0).next() == net::no_ether_type);
static_assert(with(0x08, 1).next() == net::ether_type{0x6558} && !with(0x08, 1).has_next_protocol());
constexpr auto leading_to(u16 type) -> net::vxlan_gpe {
    auto h = with(0x08, 99);
    h.lead_to(net::ether_type{type});
    return h;
}
static_assert(leading_to(0x0800).next() == net::ether_type{0x0800} && leading_to(0x86dd).next_protocol == 2);
static_assert(leading_to(0x6558).next_protocol == 3 && leading_to(0x894f).next_protocol == 4);
static_assert(leading_to(0x8847).next_protocol == 5 && leading_to(0x0806).next_protocol == 0);
static_assert(leading_to(0x0800).flags == 0x0c && net::vxlan_gpe::of(0x123456).vni() == 0x123456);
static_assert(with(0x0d, 1).is_oam() && !with(0x0c, 1).is_oam());

static auto in_udp(u8 flags, u8 next, u16 port = 4790) -> packet {
    return packet{}.ethernet().ipv4().udp({.dst = port}).other({flags, 0, 0, next, 0x12, 0x34, 0x56, 0});
}

TEST_CASE("the fields of the header") {
    both see{tunnel};
    auto a = see.run(in_udp(0x0d, 3).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {0x0d, 3, 0x123456, 1, 1, 6};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
    a = see.run(packet{}.ethernet().ipv6().udp({.dst = 4790}).other({8, 0, 0, 0, 0, 0, 7, 0}).payload("inside"));
    CHECK((a.why == reason::none && a.number(2) == 7 && a.number(3) == 0 && a.number(5) == 6));
}

TEST_CASE("cut off at every length") {
    both see{tunnel}, any{inner};
    see.sweep(in_udp(0x0c, 3).payload("abc").padded(60), 50);
    any.sweep(in_udp(0x0c, 1).ipv4().payload("abc"), 70);
    any.sweep(in_udp(0x0c, 2).ipv6().payload("abc"), 90);
    any.sweep(in_udp(0x0c, 3).ethernet().payload("abc"), 64);
    any.sweep(in_udp(0x0c, 4).payload("12345678abc"), 58);
    any.sweep(in_udp(0x0c, 5).payload("1234abc"), 54);
}

TEST_CASE("another version, or no VNI, is malformed") {
    both see{tunnel};
    for (u8 const flags : {0x04, 0x00, 0x1c, 0x2c, 0x3c}) CHECK(see.run(in_udp(flags, 3)).why == reason::malformed);
    CHECK(see.run(in_udp(0xcf, 3)).why == reason::none);
}

TEST_CASE("the next protocol") {
    both any{inner};
    u64 const size[] = {0, 40, 20, 46, 52, 56};
    for (u8 next = 0; next < 12; next++) {
        INFO("next protocol " << static_cast<int>(next));
        byte_string inside(60);
        inside[0] = next == 1 ? 0x45 : 0x60;
        inside[3] = inside[5] = 60; // IPv4's length; IPv6's, more than there is
        auto const a = any.run(in_udp(0x0c, next).payload(inside));
        CHECK(a.why == (next >= 1 && next <= 5 ? reason::none : reason::other_protocol));
        if (a.why != reason::none) continue;
        CHECK(a.number(0) == next - 1u);
        CHECK(a.number(1) == size[next]);
    }
    CHECK(any.run(in_udp(0x08, 1).ethernet().payload(byte_string(40))).number(0) == 2);
    CHECK(any.run(in_udp(0x0c, 1, 4789).ipv4().payload(byte_string(40))).why == reason::other_protocol);
}

TEST_CASE("a UDP length that ends within the header") {
    both see{tunnel};
    for (u16 length = 8; length < 16; length++)
        CHECK(see.run(packet{}.ethernet().ipv4().udp({.dst = 4790, .length = length}).other({12, 0, 0, 3, 0, 0, 7, 0}))
                  .why == reason::truncated);
}

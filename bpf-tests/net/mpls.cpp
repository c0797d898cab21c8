// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "mpls.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

static_assert(header<net::mpls> && sizeof(net::mpls) == 4);
static_assert(matches(net::mpls::id, net::ether_type{0x8847}) && matches(net::mpls::id, be{net::ether_type{0x8848}}));
static_assert(!matches(net::mpls::id, net::ether_type{0x8849}) && !matches(net::mpls::id, net::no_ether_type));
constexpr net::mpls top{be32{0x12345a3f}}, last{be32{0xfffff1ff}}; // label 0x12345, class 5, not the last, TTL 63
static_assert(top.label() == 0x12345 && top.traffic_class() == 5 && !top.bottom() && top.ttl() == 63);
static_assert(last.label() == 0xfffff && last.traffic_class() == 0 && last.bottom() && last.ttl() == 255);
static_assert(net::mpls::of(0xabcde).entry == be32{0xabcde040} && net::mpls::of(0xabcde, 255).ttl() == 255);
static_assert(top.next() == net::ether_type{0x8847} && last.next() == net::no_ether_type);

static auto entry(u32 label, bool bottom) -> byte_string {
    return {static_cast<u8>(label >> 12), static_cast<u8>(label >> 4), static_cast<u8>(label << 4 | (bottom ? 1 : 0)),
            64};
}
/// So many labels, 1, 2, 3 …
static auto labels(u32 count) -> byte_string {
    byte_string all;
    for (u32 i = 1; i <= count; i++) all = joined(all, entry(i, i == count));
    return all;
}
static auto behind(byte_string const &stack, u16 type = 0x8847) -> packet {
    return packet{}.ethernet().other(stack, type);
}

TEST_CASE("the fields of an entry") {
    both see{one_label};
    auto const a = see.run(behind({0x12, 0x34, 0x5b, 0x3f}).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {0x12345b3f, 0x12345, 5, 1, 63, 6};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
    CHECK(see.run(behind(labels(1), 0x8848)).why == reason::none);
    CHECK(see.run(behind(labels(1), 0x8849)).why == reason::other_protocol);
}

TEST_CASE("labels that IP carries") {
    both see{in_ip};
    for (u32 count : {1u, 2u}) {
        auto const made = [&](u8 protocol) {
            return packet{}
                .ethernet()
                .ipv4({.ttl = 9, .protocol = protocol})
                .other(labels(count), 0x8847)
                .ipv4({.ttl = 5})
                .payload("inside")
                .bytes();
        };
        auto const a = see.run(made(137));
        CHECK(a.why == reason::none);
        u64 const expected[] = {count, 9, 5, 6};
        for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
        see.sweep(made(137), 54 + 4 * count);
        CHECK(see.run(made(136)).why == reason::other_protocol);
    }
}

TEST_CASE("cut off at every length") {
    both see{one_label}, ip{one_to_ip}, any{stack}, exact{exact_stack}, steps{by_steps};
    see.sweep(behind(labels(1)).payload("abc"), 18);
    ip.sweep(behind(labels(1)).ipv4().payload("abc"), 38);
    for (u32 n = 1; n <= 4; n++) {
        any.sweep(behind(labels(n)).ipv4().tcp().payload("abc"), 54 + 4 * n);
        any.sweep(behind(labels(n)).ipv6().udp().payload("abc"), 62 + 4 * n);
        exact.sweep(packet{}.ethernet().vlan(7).other(labels(n), 0x8847).ipv4().payload("abc"), 38 + 4 * n);
    }
    any.sweep(packet{}.ethernet().ipv4().tcp().payload("abc"), 54);
    steps.sweep(behind(labels(2)).ipv6().payload("abc"), 62);
}

TEST_CASE("stacks of no label to four, over both versions of IP") {
    both any{stack}, exact{exact_stack};
    for (u32 n = 0; n <= 4; n++) {
        auto const start = [&] { return n == 0 ? packet{}.ethernet() : behind(labels(n)); };
        auto a = any.run(start().ipv4().tcp({.dst = 443}).payload("abc"));
        CHECK(a.why == reason::none);
        u64 const four[] = {n, n, 1, 443, 3}, six[] = {n, n, 0, 53, 3};
        for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == four[i]);
        a = any.run(start().ipv6().udp().payload("abc"));
        CHECK(a.why == reason::none);
        for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == six[i]);
        a = exact.run(start().ipv6().payload("abc"));
        CHECK((a.why == reason::none && a.number(0) == n && a.number(2) == 0 && a.number(4) == 3));
    }
}

TEST_CASE("a fifth label is too deep") {
    both any{stack}, exact{exact_stack};
    auto const in = behind(labels(5)).ipv4().tcp().bytes();
    CHECK(any.run(in).why == reason::too_deep);
    CHECK(exact.run(in).why == reason::too_deep);
}

TEST_CASE("what the last label leads to is told by the first byte behind it") {
    both ip{one_to_ip}, any{stack}, steps{by_steps};
    for (u32 first = 0; first < 256; first++) {
        byte_string inside(60);
        inside[0] = static_cast<u8>(first);
        inside[3] = 60;
        auto const why = ip.run(behind(labels(1)).payload(inside)).why;
        CHECK(why == (first >> 4 != 4       ? reason::other_protocol
                      : (first & 0xfu) >= 5 ? reason::none
                                            : reason::malformed));
    }
    CHECK(ip.run(behind(entry(1, false)).ipv4().payload(byte_string(40))).why == reason::other_protocol);
    CHECK(any.run(behind(labels(2)).ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(steps.run(behind(labels(3)).ipv6().payload("abc")).why == reason::other_protocol);
    auto const a = steps.run(behind(labels(2)).ipv6().payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 2 && a.number(3) == 3));
}

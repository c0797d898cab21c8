// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "nat64.bpf.cpp"
#include <support/packet.hpp>
#include <support/vectors.hpp>
using test::both, test::packet, test::byte_string;

static auto v6(u32 first, u32 second, u32 last) -> byte_string {
    byte_string a(16);
    for (u32 i = 0; i < 4; i++) {
        a[i] = static_cast<u8>(first >> (24 - 8 * i));
        a[4 + i] = static_cast<u8>(second >> (24 - 8 * i));
        a[12 + i] = static_cast<u8>(last >> (24 - 8 * i));
    }
    return a;
}
constexpr u32 client = 0x0a010203, server = 0xc6336409;

/// The same packet as it is on both sides: the client's, from the client or to it.
struct sides {
    packet v6, v4;
};
static auto from_client(u8 tos = 0) -> sides {
    return {packet{}.ethernet().ipv6({.traffic_class = tos,
                                      .hop_limit = 64,
                                      .src = v6(0x20010db8, 0x640000, client),
                                      .dst = v6(0x64ff9b, 0, server)}),
            packet{}.ethernet().ipv4(
                {.tos = tos, .identification = 0, .dont_fragment = true, .ttl = 63, .src = client, .dst = server})};
}
static auto to_client() -> sides {
    return {packet{}.ethernet().ipv6(
                {.hop_limit = 63, .src = v6(0x64ff9b, 0, server), .dst = v6(0x20010db8, 0x640000, client)}),
            packet{}.ethernet().ipv4({.ttl = 64, .src = server, .dst = client})};
}

struct ways {
    both xdp, tc;
    ways(int (*x)(xdp::context *), int (*t)(skb::context *)) : xdp{x}, tc{t} {}
    auto make(byte_string const &from, byte_string const &to) -> void {
        auto a = xdp.run(from);
        CHECK(a.verdict == xdp::tx);
        CHECK(test::hex(a.bytes) == test::hex(to));
        a = tc.run(from);
        CHECK(a.verdict == tc::ok);
        CHECK(test::hex(a.bytes) == test::hex(to));
    }
    auto refuse(byte_string const &what, reason why) -> void {
        for (auto *const p : {&xdp, &tc}) {
            auto const a = p->run(what);
            CHECK(a.why == why);
            CHECK(test::hex(a.bytes) == test::hex(what));
        }
    }
};

TEST_CASE("packets to IPv4 and to IPv6, as if they had been sent so") {
    ways down{v6_to_v4, v6_to_v4_tc}, up{v4_to_v6, v4_to_v6_tc};
    for (std::size_t size = 0; size < 80; size++) {
        byte_string text(size);
        for (std::size_t i = 0; i < size; i++) text[i] = static_cast<u8>(size * 7 + i * 3);
        INFO(size);
        auto const send = [&](auto const &with) {
            auto c = from_client(static_cast<u8>(size));
            down.make(with(c.v6, true), with(c.v4, false));
            auto s = to_client();
            up.make(with(s.v4, false), with(s.v6, true));
        };
        send([&](packet p, bool) {
            return p.tcp({.src = 1025, .dst = 443, .options = {2, 4, 5, 0xb4}}).payload(text).bytes();
        });
        send([&](packet p, bool) { return p.udp({.src = 1025, .dst = 53}).payload(text).bytes(); });
        send([&](packet p, bool is_v6) {
            auto const rest = static_cast<u32>(0x12340000 + size);
            return (is_v6 ? p.icmpv6({.type = 128, .rest = rest}) : p.icmp({.type = 8, .rest = rest}))
                .payload(text)
                .bytes();
        });
        send([&](packet p, bool is_v6) {
            return (is_v6 ? p.icmpv6({.type = 129}) : p.icmp({.type = 0})).payload(text).bytes();
        });
    }
}

TEST_CASE("every checksum that a datagram may have") {
    // Two bytes of payload run through all values, and with them the checksum.
    both up{v4_to_v6};
    auto s = to_client();
    for (u32 v = 0; v < 65536; v += 257) {
        byte_string const text{static_cast<u8>(v >> 8), static_cast<u8>(v)};
        auto v4 = s.v4, v6 = s.v6;
        if (up.run(v4.udp().payload(text)).bytes != v6.udp().payload(text).bytes()) FAIL(v);
    }
}

TEST_CASE("IPv6 wants the checksum that a datagram over IPv4 may go without") {
    ways up{v4_to_v6, v4_to_v6_tc};
    auto s = to_client();
    up.make(s.v4.udp({.checksum = 0}).payload("datagram"), s.v6.udp().payload("datagram"));
}

TEST_CASE("what has no counterpart stays as it is") {
    ways down{v6_to_v4, v6_to_v4_tc}, up{v4_to_v6, v4_to_v6_tc};
    down.refuse(packet{}.ethernet().ipv6({.hop_limit = 1}).udp(), reason::other_protocol);
    down.refuse(packet{}.ethernet().ipv6().destination().udp(), reason::other_protocol);
    down.refuse(packet{}.ethernet().ipv6().icmpv6({.type = 135}).payload(byte_string(20)), reason::other_protocol);
    down.refuse(packet{}.ethernet().ipv4().udp(), reason::other_protocol);
    up.refuse(packet{}.ethernet().ipv4({.more_fragments = true}).udp(), reason::fragment);
    up.refuse(packet{}.ethernet().ipv4({.fragment_offset = 4}).udp(), reason::fragment);
    up.refuse(packet{}.ethernet().ipv4().icmp({.type = 3}).payload(byte_string(28)), reason::other_protocol);
    // Options are left out; the kernel's own translation of an skb knows none.
    auto s = to_client();
    auto const with_options = packet{}.ethernet().ipv4({.src = server, .dst = client, .options = {1, 1, 1, 0}}).udp();
    CHECK(up.xdp.run(with_options).bytes == s.v6.udp().bytes());
    auto const a = up.tc.run(with_options);
    CHECK(a.why == reason::no_room);
    CHECK(a.bytes == with_options.bytes());
}

TEST_CASE("cut off at every length") {
    both down{v6_to_v4}, down_tc{v6_to_v4_tc}, up{v4_to_v6}, up_tc{v4_to_v6_tc};
    auto c = from_client(), s = to_client();
    auto const v6 = c.v6.tcp().payload("text").bytes(), v4 = s.v4.udp().payload("text").bytes();
    test::sweep_whole_or_not(down, v6, 74, xdp::tx);
    test::sweep_whole_or_not(down_tc, v6, 74, tc::ok);
    test::sweep_whole_or_not(up, v4, 42, xdp::tx);
    test::sweep_whole_or_not(up_tc, v4, 42, tc::ok);
}

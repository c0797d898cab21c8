// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ip_in_ip.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(follows<net::ipv4, net::ipv4>::value && follows<net::ipv4, net::ipv6>::value);
static_assert(follows<net::ipv6, net::ipv4>::value && follows<net::ipv6, net::ipv6>::value);
static_assert(!follows<net::tcp, net::tcp>::value);

static auto ip(packet p, int version, u8 ttl) -> packet {
    return version == 4 ? p.ipv4({.ttl = ttl}) : p.ipv6({.hop_limit = ttl});
}
static auto in(int outer, int inner, byte_string const &payload = test::text("abc")) -> packet {
    return ip(ip(packet{}.ethernet(), outer, 9), inner, 5).tcp({.dst = 443}).payload(payload);
}
struct kind {
    int outer, inner;
    both program;
    auto needed() const -> std::size_t { return 34u + (outer == 4 ? 20 : 40) + (inner == 4 ? 20 : 40); }
};
struct kinds {
    kind all[4]{{4, 4, both{ipip}}, {4, 6, both{six_in_four}}, {6, 4, both{four_in_six}}, {6, 6, both{six_in_six}}};
    auto begin() { return all; }
    auto end() { return all + 4; }
};

TEST_CASE("each kind leads to its own chain, and to the one that takes all") {
    kinds all;
    both any{any_in_any};
    for (auto &packets : all) {
        auto const bytes = in(packets.outer, packets.inner).bytes();
        for (auto &k : all) {
            auto const a = k.program.run(bytes);
            bool const own = k.outer == packets.outer && k.inner == packets.inner;
            CHECK(a.why == (own ? reason::none : reason::other_protocol));
            if (own) CHECK((a.number(0) == 9 && a.number(1) == 5 && a.number(2) == 443 && a.number(3) == 3));
        }
        auto const a = any.run(bytes);
        CHECK(a.why == reason::none);
        u64 const expected[] = {packets.outer == 4, packets.inner == 4, 443, 3};
        for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    }
}

TEST_CASE("cut off at every length") {
    kinds all;
    both any{any_in_any}, deep{four_deep}, tcp{tcp_in_tcp}, vpn{ip_in_tcp};
    for (auto &k : all) {
        auto const bytes = in(k.outer, k.inner).bytes();
        k.program.sweep(bytes, k.needed());
        any.sweep(bytes, k.needed());
    }
    deep.sweep(packet{}.ethernet().ipv4().ipv4().ipv4().ipv4().tcp().payload("abc"), 114);
    tcp.sweep(packet{}.ethernet().ipv4().tcp().tcp().payload("abc"), 74);
    vpn.sweep(packet{}.ethernet().ipv4().tcp().ipv4().tcp().payload("abc"), 94);
}

TEST_CASE("one IP header is no tunnel, three are another one") {
    kinds all;
    both any{any_in_any};
    for (auto const &bytes : {packet{}.ethernet().ipv4().tcp().payload(byte_string(60)).bytes(),
                              packet{}.ethernet().ipv6().tcp().payload(byte_string(60)).bytes(),
                              packet{}.ethernet().ipv4().ipv4().ipv4().tcp().payload(byte_string(60)).bytes(),
                              packet{}.ethernet().ipv6().ipv6().ipv6().tcp().payload(byte_string(60)).bytes()}) {
        CHECK(any.run(bytes).why == reason::other_protocol);
        for (auto &k : all) CHECK(k.program.run(bytes).why == reason::other_protocol);
    }
}

TEST_CASE("four deep, with options at every depth") {
    both deep{four_deep};
    auto p = packet{}.ethernet();
    for (u8 ttl = 1; ttl <= 4; ttl++) p.ipv4({.ttl = ttl, .options = byte_string(ttl * 8u, 1)});
    auto const a = deep.run(p.tcp({.dst = 443, .options = {1, 1, 1, 1}}).payload("abc"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {1, 2, 3, 4, 443, 3};
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
    auto const three = packet{}.ethernet().ipv4().ipv4().ipv4().tcp().payload(byte_string(40)).bytes();
    CHECK(deep.run(three).why == reason::other_protocol);
    auto const five = packet{}.ethernet().ipv4().ipv4().ipv4().ipv4().ipv4().tcp().bytes();
    CHECK(deep.run(five).why == reason::other_protocol);
}

TEST_CASE("every header's length counts: the shortest ends the payload") {
    both pair{ipip};
    for (u16 outer = 20; outer < 68; outer++)       // 64 are there
        for (u16 inner = 20; inner < 48; inner++) { // 44 are there
            auto const a = pair.run(
                packet{}.ethernet().ipv4({.total_length = outer}).ipv4({.total_length = inner}).tcp().payload("abcd"));
            bool const whole = outer >= 60 && inner >= 40;
            CHECK(a.why == (whole ? reason::none : reason::truncated));
            if (whole) CHECK(a.number(3) == std::min<u32>({outer - 60u, inner - 40u, 4}));
        }
}

TEST_CASE("a later fragment of the outer packet has no inner one, one of the inner packet no segment") {
    both pair{ipip}, mixed{four_in_six};
    CHECK(pair.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).ipv4().tcp()).why == reason::fragment);
    CHECK(pair.run(packet{}.ethernet().ipv4().ipv4({.fragment_offset = 1}).tcp()).why == reason::fragment);
    CHECK(mixed.run(packet{}.ethernet().ipv6().fragment({.offset = 1}).ipv4().tcp()).why == reason::fragment);
    CHECK(mixed.run(packet{}.ethernet().ipv6().fragment({.offset = 0}).ipv4().tcp()).why == reason::none);
}

TEST_CASE("TCP in TCP") {
    both tcp{tcp_in_tcp}, vpn{ip_in_tcp};
    auto a = tcp.run(packet{}.ethernet().ipv4().tcp({.dst = 443}).tcp({.dst = 80}).payload("HTTP/1.1 200"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {443, 80, 12, 1};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    CHECK(tcp.run(packet{}.ethernet().ipv4().tcp().tcp({.data_offset = 4})).why == reason::malformed);
    CHECK(tcp.run(packet{}.ethernet().ipv4().tcp().payload("abc").padded(80)).why != reason::none); // padding is none
    a = vpn.run(packet{}.ethernet().ipv4().tcp({.dst = 443}).ipv4({.ttl = 9}).tcp({.dst = 80}).payload("abc"));
    CHECK(a.why == reason::none);
    u64 const inside[] = {443, 9, 80, 3};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == inside[i]);
    CHECK(vpn.run(packet{}.ethernet().ipv4().tcp().ipv6().tcp()).why != reason::none);
}

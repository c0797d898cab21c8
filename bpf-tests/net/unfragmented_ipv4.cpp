// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "unfragmented_ipv4.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(header<net::unfragmented_ipv4> && follows<net::unfragmented_ipv4, net::tcp>::value);
static_assert(follows<net::ethernet, net::unfragmented_ipv4>::value);
constexpr auto of(u16 flags_offset) -> net::unfragmented_ipv4 {
    auto ip = net::unfragmented_ipv4{};
    ip.flags_offset = be16{flags_offset};
    return ip;
}
static_assert(of(0x2000).fragment() && of(1).fragment() && of(0x3fff).fragment() && of(0x1000).fragment());
static_assert(!of(0).fragment() && !of(0x4000).fragment() && !of(0x8000).fragment());

TEST_CASE("a fragment is refused, the first one too") {
    both tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (bool const more : {false, true})
        for (u16 const offset : {u16{0}, u16{1}, u16{0x1fff}})
            for (auto *const program : {&tcp, &ports, &steps}) {
                auto const in = packet{}
                                    .ethernet()
                                    .ipv4({.more_fragments = more, .fragment_offset = offset, .options = {1, 1, 1, 1}})
                                    .tcp({.src = 77})
                                    .payload("abc")
                                    .bytes();
                auto const a = program->run(in);
                if (more || offset != 0) {
                    CHECK(a.why == reason::fragment);
                    continue;
                }
                CHECK(a.why == reason::none);
                CHECK(a.number(0) == 64);
                CHECK(a.number(1) == 77);
                CHECK(a.number(2) == 3);
            }
}

TEST_CASE("all else is IPv4's") {
    both tcp{to_tcp};
    auto const in = packet{}.ethernet().ipv4({.options = {1, 1, 1, 1}}).tcp().payload("abc").bytes();
    tcp.sweep(in, 58);
    CHECK(tcp.run(packet{}.ethernet().ipv4({.version = 5}).tcp().bytes()).why == reason::malformed);
    CHECK(tcp.run(packet{}.ethernet().ipv4().udp().bytes()).why == reason::other_protocol);
}

TEST_CASE("a field is set as one of ipv4") {
    both set{set_ttl};
    auto const made = [](u8 ttl) { return packet{}.ethernet().ipv4({.ttl = ttl}).udp().payload("abc").bytes(); };
    CHECK(set.run(made(64)).bytes == made(7));
    CHECK(set.run(made(7)).bytes == made(7));
}

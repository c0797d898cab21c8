// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "unfragmented_ipv6.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(header<net::unfragmented_ipv6> && follows<net::unfragmented_ipv6, net::tcp>::value);
static_assert(follows<net::ethernet, net::unfragmented_ipv6>::value);

TEST_CASE("a fragment is refused, the first one too") {
    both tcp{to_tcp}, ports{to_ports}, steps{step_to_tcp};
    for (bool const more : {false, true})
        for (u16 const offset : {u16{0}, u16{1}, u16{0x1fff}})
            for (bool const behind_options : {false, true})
                for (auto *const program : {&tcp, &ports, &steps}) {
                    auto p = packet{}.ethernet().ipv6();
                    if (behind_options) p.hop_by_hop();
                    auto const in =
                        p.fragment({.offset = offset, .more = more}).tcp({.src = 77}).payload("abc").bytes();
                    auto const a = program->run(in);
                    if (more || offset != 0) {
                        CHECK(a.why == reason::fragment);
                        continue;
                    }
                    CHECK(a.why == reason::none); // a fragment that is all of it
                    CHECK(a.number(0) == 64);
                    CHECK(a.number(1) == 77);
                    CHECK(a.number(2) == 3);
                }
}

TEST_CASE("all else is IPv6's") {
    both tcp{to_tcp};
    auto const in = packet{}.ethernet().ipv6().destination().tcp().payload("abc").bytes();
    CHECK(tcp.run(in).why == reason::none);
    tcp.sweep(in, 14 + 40 + 8 + 20);
    CHECK(tcp.run(packet{}.ethernet().ipv6({.version = 5}).tcp().bytes()).why == reason::malformed);
    CHECK(tcp.run(packet{}.ethernet().ipv6().udp().bytes()).why == reason::other_protocol);
}

TEST_CASE("a field is set as one of ipv6") {
    both set{set_hops};
    auto const made = [](u8 hops) {
        return packet{}.ethernet().ipv6({.hop_limit = hops}).udp().payload("abc").bytes();
    };
    CHECK(set.run(made(64)).bytes == made(7));
    CHECK(set.run(made(7)).bytes == made(7));
}

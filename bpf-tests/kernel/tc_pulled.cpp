// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// Where a packet is not linear: skb_view.cpp.
#include "tc_pulled.bpf.cpp"
#include <kernel/sources_ask.hpp>

using test::both, test::packet;

TEST_CASE("the same answers as directly") {
    both by_pull{pulled}, directly{linear};
    test::check_same(by_pull, directly);
}

TEST_CASE("what has been pulled is written to, with its checksums") {
    both run{writes};
    for (std::size_t const size : {1u, 100u, 1000u}) {
        auto const text = test::byte_string(size, 7);
        auto const a = run.run(packet{}.ethernet().ipv4({.ttl = 64}).udp({.src = 5, .dst = 53}).payload(text));
        CHECK(a.verdict == tc::ok);
        CHECK(a.bytes == packet{}.ethernet().ipv4({.ttl = 9}).udp({.src = 5, .dst = 5353}).payload(text).bytes());
    }
    CHECK(run.run(packet{}.ethernet().ipv4().icmp()).verdict == tc::shot);
}

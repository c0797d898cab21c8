// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "skb.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static auto eth() -> packet { return packet{}.ethernet(); }

TEST_CASE("at the start of a packet alternatives are told apart by their own bytes") {
    both a{four_or_six}, b{six_or_four};
    auto const options = test::byte_string(12, 1);
    for (auto *const run : {&a, &b}) {
        auto const four = run->run(eth().ipv4({.options = options}).payload("12345"));
        CHECK((four.why == reason::none && four.number(0) == 0 && four.number(1) == 5));
        CHECK(four.number(2) == 0x0000'ffff'0a00'0001);
        auto const six = run->run(eth().ipv6().hop_by_hop().payload("123"));
        CHECK((six.why == reason::none && six.number(0) == 1 && six.number(1) == 11 && six.number(2) == 1));
        run->sweep(eth().ipv4({.options = options}).payload("12345"), 46);
        run->sweep(eth().ipv6().payload("12345"), 54);
        CHECK(run->run(eth().ipv4({.ihl = 4}).payload(test::byte_string(40))).why == reason::malformed);
        for (u8 version : {0, 5, 7, 15}) {
            CHECK(run->run(eth().ipv4({.version = version}).payload(test::byte_string(40))).why == reason::malformed);
            CHECK(run->run(eth().ipv6({.version = version}).payload(test::byte_string(40))).why == reason::malformed);
        }
    }
}

TEST_CASE("and the chain goes on behind them") {
    both run{merged};
    auto a = run.run(eth().ipv4().udp({.src = 7}).payload("abc"));
    CHECK((a.verdict == cgroup_skb::allow && a.number(0) == 0 && a.number(1) == 1 && a.number(2) == 7));
    CHECK(a.number(3) == 3);
    a = run.run(eth().ipv6().destination().tcp({.src = 8}).payload("abcd").padded(120));
    CHECK((a.number(0) == 1 && a.number(1) == 0 && a.number(2) == 8 && a.number(3) == 4));
    auto const whole = [](std::size_t needed) {
        return [needed](std::size_t length, test::answer const &b) { return (b.number(2) != 0) == (length >= needed); };
    };
    run.sweep(eth().ipv4().udp({.src = 7}), whole(42));
    run.sweep(eth().ipv4().tcp({.src = 7}), whole(54));
    run.sweep(eth().ipv6().udp({.src = 7}), whole(62));
    run.sweep(eth().ipv6().tcp({.src = 7}), whole(74));
    CHECK(run.run(eth().ipv4().icmp()).number(2) == 0);
}

TEST_CASE("a quoted packet of either version") {
    both run{quoted};
    auto const error = [](packet const &inner) { return eth().ipv4().icmp({.type = 3}).payload(inner.bytes()); };
    auto a = run.run(error(packet{}.ipv4().udp({.dst = 9})));
    CHECK((a.why == reason::none && a.number(0) == 0 && a.number(1) == 9));
    a = run.run(error(packet{}.ipv6().udp({.dst = 9})));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 9));
    run.sweep(error(packet{}.ipv6().udp()), 90);
    CHECK(run.run(error(packet{}.ipv4().tcp())).why == reason::other_protocol);
}

TEST_CASE("bytes, and what goes with them") {
    both run{bytes_of};
    for (std::size_t size : {15u, 60u, 1514u}) {
        auto const a = run.run(test::patched(std::vector<u8>(size), 0, {2, 0, 0, 0, 0, 9, 1, 2, 3, 4}));
        for (u32 i = 0; i < 3; i++) CHECK(a.number(i) == size);
        CHECK((a.number(3) == 1 && a.number(4) == 0x0102'0304 && a.number(5) == 1 && a.number(6) == 1));
        CHECK((a.number(7) == 0 && a.number(8) == 0));
    }
}

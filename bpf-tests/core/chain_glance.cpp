// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "chain_glance.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

namespace {
auto const options = byte_string(8, 1);
/// An IPv4 packet of some protocol, in some fragment, whose first bytes are 0x1234.
auto some(u8 protocol, bool more, u16 offset, byte_string const &above) -> packet {
    return packet{}
        .ethernet()
        .ipv4({.more_fragments = more, .fragment_offset = offset, .protocol = protocol, .options = options})
        .other(above);
}
auto with_ttl(u8 ttl) -> byte_string { return packet{}.ipv4({.ttl = ttl}).udp({.src = 0x1234}).payload("abc").bytes(); }
} // namespace

TEST_CASE("a glance is the protocol, and whether this is a later fragment") {
    for (u32 flags_offset = 0; flags_offset < 65536; flags_offset++)
        for (u32 const protocol : {0, 6, 17, 255})
            for (u8 const ttl : {u8{0}, u8{6}, u8{255}}) {
                auto ip = net::ipv4{};
                ip.flags_offset = be16{static_cast<u16>(flags_offset)};
                ip.ttl = ttl;
                ip.protocol = static_cast<net::ip_proto>(protocol);
                auto const whole = static_cast<net::unfragmented_ipv4 const &>(ip);
                bool const later = (flags_offset & 0x1fff) != 0, part = (flags_offset & 0x3fff) != 0;
                bool same = ip.glance().fragment() == later && ip.fragment() == later;
                same = same && whole.glance().fragment() == part && whole.fragment() == part;
                same = same && leads<of_any_protocol>(ip.glance()) == !later;
                same = same && leads<of_any_protocol>(whole.glance()) == !part;
                same = same && leads<net::tcp>(ip.glance()) == (!later && protocol == 6);
                same = same && leads<of_two_protocols>(ip.glance()) == (!later && (protocol == 6 || protocol == 17));
                same = same && leads<net::udp>(whole.glance()) == (!part && protocol == 17);
                if (!same) FAIL(flags_offset << ' ' << protocol << ' ' << u32{ttl});
            }
}

TEST_CASE("a step is taken in no later fragment, and to what the header says only") {
    both any{to_any}, two{to_two}, l4{to_either}, whole{to_whole};
    auto const udp = byte_string{0x12, 0x34, 0, 1, 0, 11, 0, 0, 'a', 'b', 'c'};
    auto tcp = byte_string(23);
    tcp[0] = 0x12, tcp[1] = 0x34, tcp[12] = 0x50;
    for (u8 const protocol : {0, 1, 4, 6, 17, 41, 47, 255})
        for (bool const more : {false, true})
            for (u16 const offset : {0, 1, 0x1000, 0x1fff}) {
                INFO(u32{protocol} << ' ' << more << ' ' << offset);
                auto const bytes = some(protocol, more, offset, protocol == 6 ? tcp : udp).bytes();
                auto const among_two = protocol == 6 || protocol == 17;
                auto const expected = [&](both &program, bool known, bool part) {
                    auto const a = program.run(bytes);
                    CHECK(a.why == (part ? reason::fragment : known ? reason::none : reason::other_protocol));
                    if (a.why == reason::none) CHECK(a.number(0) == 0x1234);
                    return a;
                };
                expected(any, true, offset != 0);
                expected(two, among_two, offset != 0);
                auto const a = expected(l4, among_two, offset != 0);
                expected(whole, among_two, offset != 0 || more);
                if (a.why == reason::none) {
                    CHECK(a.number(1) == 3);
                    CHECK(a.number(2) == (protocol == 17));
                }
            }
    for (auto *const program : {to_any, to_two, to_either, to_whole}) {
        both run{program};
        run.sweep(some(17, false, 0, udp), program == to_any || program == to_two ? 44 : 50);
        CHECK(run.run(packet{}.ethernet().ipv4({.version = 5}).udp()).why == reason::malformed);
        CHECK(run.run(packet{}.ethernet().ipv4({.ihl = u8{4}}).udp()).why == reason::malformed);
    }
}

TEST_CASE("past a header that may be there or not") {
    both one{perhaps_one}, several{perhaps_several};
    auto const gre = byte_string{0x20, 0, 8, 0, 1, 2, 3, 4};
    auto const gre_arp = byte_string{0x20, 0, 8, 6, 1, 2, 3, 4};
    auto const gre_broken = byte_string{0x20, 1, 8, 0, 1, 2, 3, 4};
    auto const shell = [](u8 next) {
        return byte_string{next, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    };
    auto const six = packet{}.ipv6().hop_by_hop().udp({.src = 0x1234}).payload("abc").bytes();
    auto const inner = with_ttl(9);
    struct one_case {
        u8 protocol;
        byte_string above;
        reason first, second; ///< what the two programs say where it is no later fragment
        u64 which, version;
    };
    constexpr auto none = reason::none, other = reason::other_protocol, broken = reason::malformed;
    auto const list = std::vector<one_case>{
        {4, inner, none, none, 0, 0},
        {47, test::joined(gre, inner), none, none, 1, 0},
        {41, six, other, none, 0, 1},
        {51, test::joined(shell(4), inner), other, none, 2, 0},
        {51, test::joined(shell(41), six), other, none, 2, 1},
        {51, test::joined(shell(47), inner), other, other, 0, 0},
        {47, test::joined(gre_arp, inner), other, other, 0, 0},
        {47, test::joined(gre_broken, inner), broken, broken, 0, 0},
        {17, inner, other, other, 0, 0},
        {6, inner, other, other, 0, 0},
    };
    for (auto const &c : list)
        for (bool const more : {false, true})
            for (u16 const offset : {0, 1, 0x1fff}) {
                INFO(u32{c.protocol} << ' ' << more << ' ' << offset);
                auto const bytes = some(c.protocol, more, offset, c.above).bytes();
                auto const a = one.run(bytes), b = several.run(bytes);
                CHECK(a.why == (offset != 0 ? reason::fragment : c.first));
                CHECK(b.why == (offset != 0 ? reason::fragment : c.second));
                if (a.why == reason::none) {
                    CHECK(a.number(0) == 9);
                    CHECK(a.number(1) == (c.protocol == 47));
                    CHECK(a.number(2) == 3);
                }
                if (b.why == reason::none) {
                    CHECK(b.number(0) == c.which);
                    CHECK(b.number(1) == c.version);
                    CHECK(b.number(2) == 0x1234);
                    CHECK(b.number(3) == 3);
                }
            }
    one.sweep(some(47, false, 0, test::joined(gre, inner)), 78);
    several.sweep(some(51, false, 0, test::joined(shell(41), six)), 122);
    several.sweep(some(4, false, 0, inner), 70);
}

TEST_CASE("fragments of what may be there or not") {
    both both_of{perhaps_both}, one{perhaps_tunnel};
    for (bool const tunnel : {false, true})
        for (u16 const outside : {0, 3})
            for (u16 const inside : {0, 3}) {
                if (inside != 0 && !tunnel) continue;
                auto p = packet{}.ethernet().ipv4({.fragment_offset = outside, .options = options});
                if (tunnel) p.ipv4({.fragment_offset = inside});
                auto const bytes = p.udp({.src = 7}).payload("abc").bytes();
                for (auto *const run : {&both_of, &one}) {
                    auto const a = run->run(bytes);
                    CHECK(a.why == (outside != 0 || inside != 0 ? reason::fragment : reason::none));
                    if (a.why != reason::none) continue;
                    CHECK(a.number(0) == tunnel);
                    CHECK(a.number(run == &both_of ? 2 : 1) == 7);
                }
            }
    // a later fragment within of what nobody asks for is a fragment first
    auto const bytes = packet{}.ethernet().ipv4().ipv4({.fragment_offset = 3}).tcp().bytes();
    CHECK(one.run(bytes).why == reason::fragment);
    CHECK(both_of.run(bytes).why == reason::fragment);
    CHECK(one.run(packet{}.ethernet().ipv4().ipv4().tcp()).why == reason::other_protocol);
    CHECK(both_of.run(packet{}.ethernet().ipv4().ah().tcp()).why == reason::other_protocol);
}

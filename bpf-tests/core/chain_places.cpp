// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "chain_places.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

TEST_CASE("tags, alternatives and an optional header before several IP headers") {
    both run{ways};
    for (u32 count = 0; count <= 2; count++)
        for (u32 kind = 0; kind < 32; kind++) {
            bool const outer6 = kind & 1, gre = kind & 2, middle6 = kind & 4, inner6 = kind & 8, tcp = kind & 16;
            packet p;
            p.ethernet();
            for (u32 i = 0; i < count; i++) p.vlan(5);
            outer6 ? p.ipv6().destination() : p.ipv4({.options = byte_string(8, 1)});
            if (gre) p.other({0, 0, u8(middle6 ? 0x86 : 8), u8(middle6 ? 0xdd : 0)}, {}, u8{47});
            middle6 ? p.ipv6().hop_by_hop().routing() : p.ipv4();
            inner6 ? p.ipv6() : p.ipv4({.options = byte_string(4, 1)});
            tcp ? p.tcp({.dst = 7, .options = byte_string(4, 1)}) : p.udp({.dst = 7});
            auto const needed = p.size();
            auto const bytes = p.payload("yes").padded(200).bytes();
            INFO(count << ' ' << kind);
            auto const a = run.run(bytes);
            CHECK(a.why == reason::none);
            CHECK(a.number(0) == count);
            CHECK(a.number(1) == outer6);
            CHECK(a.number(2) == gre);
            CHECK(a.number(3) == middle6);
            CHECK(a.number(4) == inner6);
            CHECK(a.number(5) == tcp);
            CHECK(a.number(6) == 7);
            CHECK(a.number(7) == 3);
            CHECK(a.number(8) == 'y');
            if (kind % 5 == count) run.sweep(bytes, needed);
        }
    CHECK(run.run(packet{}.ethernet().vlan(1).vlan(2).vlan(3).ipv4().ipv4().ipv4().udp()).why == reason::too_deep);
    CHECK(run.run(packet{}.ethernet().ipv4().ipv4().ipv4({.ihl = u8{4}}).udp()).why == reason::malformed);
}

TEST_CASE("an IP header farther away than a chain goes") {
    auto const why = [](u32 first, u32 second) {
        auto const of = [](u32 length, bool last) -> byte_string {
            byte_string made(std::max(length, 4u));
            made[0] = static_cast<u8>(length >> 8), made[1] = static_cast<u8>(length);
            made[2] = last ? 0x86 : 0x88, made[3] = last ? 0xdd : 0xb6;
            return made;
        };
        auto const bytes = packet{}
                               .ethernet({.type = u16{0x88b5}})
                               .other(of(first, false), u16{0x88b5})
                               .other(of(second, true), u16{0x88b6})
                               .ipv6()
                               .destination()
                               .ipv4()
                               .payload("some")
                               .bytes();
        return host::run(stretched, bytes).verdict;
    };
    CHECK(why(4, 4) == xdp::pass);
    CHECK(why(0x3000, 4) == xdp::pass);
    CHECK(why(0x2000, 0x1f00) == xdp::pass);
    CHECK(why(0x3000, 0x3000) == told(reason::truncated));
    CHECK(why(0x3fff, 0x3fff) == told(reason::truncated));
    CHECK(why(0x4000, 4) == told(reason::truncated));
    CHECK(why(3, 4) == told(reason::malformed));
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "chain_maybe.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;
using bytes_of = test::byte_string;

TEST_CASE("one of several or none, at the end of a chain") {
    both run{perhaps};
    for (bool const v6 : {false, true})
        for (u32 kind = 0; kind < 3; kind++) {
            packet p;
            p.ethernet();
            if (v6)
                p.ipv6().hop_by_hop();
            else
                p.ipv4({.options = bytes_of(4, 1)});
            auto const without = p.size();
            if (kind == 0)
                p.icmp();
            else if (kind == 1)
                p.tcp({.dst = 5, .options = bytes_of(4, 1)});
            else
                p.udp({.dst = 5});
            auto const needed = kind == 0 ? without : p.size();
            auto const bytes = p.payload("payload").padded(100).bytes();
            INFO(v6 << ' ' << kind);
            auto const a = run.run(bytes);
            CHECK(a.why == reason::none);
            CHECK(a.number(0) == v6);
            CHECK(a.number(1) == (kind != 0));
            CHECK(a.number(2) == (kind == 1));
            CHECK(a.number(3) == (kind == 2));
            CHECK(a.number(4) == (kind == 0 ? 0 : 5));
            run.sweep(bytes, needed);
        }
    // What is announced and not there, or not right, is not the same as none.
    CHECK(run.run(packet{}.ethernet().ipv4().tcp({.data_offset = u8{4}})).why == reason::malformed);
    CHECK(run.run(packet{}.ethernet().ipv4().udp({.length = u16{7}})).why == reason::malformed);
    CHECK(run.run(packet{}.ethernet().ipv4({.total_length = u16{27}}).udp()).why == reason::truncated);
    // A later fragment has none either.
    auto const fragment = run.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).udp());
    CHECK(fragment.why == reason::none);
    CHECK(fragment.number(1) == 0);
    auto const fragment6 = run.run(packet{}.ethernet().ipv6().fragment({.offset = 1}).udp());
    CHECK(fragment6.why == reason::none);
    CHECK(fragment6.number(1) == 0);
    run.sweep(packet{}.ethernet().ipv4({.fragment_offset = 1}).udp(), 34);
    run.sweep(packet{}.ethernet().ipv6().fragment({.offset = 1}).udp(), 62);
    for (u16 const length : {0, 7, 16, 17}) // what stands before the fragment header is under the length of IPv6
        CHECK(run.run(packet{}.ethernet().ipv6({.payload_length = length}).destination().fragment({.offset = 1}).udp())
                  .why == (length < 8 ? reason::truncated : reason::none));
}

TEST_CASE("a header that may be missing, of another key space") {
    both run{tunnel}, any{tunnels};
    bytes_of const header = {0, 0, 8, 0}, header6 = {0, 0, 0x86, 0xdd};
    for (bool const with : {false, true}) {
        auto p = packet{}.ethernet().ipv4({.src = 1});
        if (with) p.other(header, {}, u8{47});
        auto const needed = p.ipv4({.src = 2}).udp({.dst = 3}).size();
        auto const bytes = p.payload("abcd").padded(80).bytes();
        auto const a = run.run(bytes);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == with);
        CHECK(a.number(1) == 1);
        CHECK(a.number(2) == 2);
        CHECK(a.number(3) == 3);
        CHECK(a.number(4) == 4);
        run.sweep(bytes, needed);
    }
    for (u32 kind = 0; kind < 8; kind++) {
        packet p;
        p.ethernet();
        if (kind & 1)
            p.ipv6().destination();
        else
            p.ipv4({.options = bytes_of(4, 1)});
        if (kind & 2) p.other(kind & 4 ? header6 : header, {}, u8{47});
        if (kind & 4)
            p.ipv6().hop_by_hop();
        else
            p.ipv4();
        auto const needed = p.udp({.dst = 9}).size();
        auto const bytes = p.payload("ab").bytes();
        INFO(kind);
        auto const a = any.run(bytes);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == (kind >> 1 & 1));
        CHECK(a.number(1) == (kind & 1));
        CHECK(a.number(2) == kind >> 2);
        CHECK(a.number(3) == 9);
        CHECK(a.number(4) == 2);
        any.sweep(bytes, needed);
    }
    auto const inside = [&](bytes_of const &gre_header) {
        return run.run(packet{}.ethernet().ipv4().other(gre_header, {}, u8{47}).ipv4().udp()).why;
    };
    CHECK(inside({0, 0, 8, 0}) == reason::none);
    CHECK(inside({0, 1, 8, 0}) == reason::malformed);
    CHECK(inside({0, 0, 8, 6}) == reason::other_protocol);
    CHECK(inside({0, 0, 0, 4}) == reason::other_protocol); // an ip_proto's number where an ether_type is asked for
    CHECK(run.run(packet{}.ethernet().ipv4().udp().padded(90)).why == reason::other_protocol);
}

TEST_CASE("what may be there is asked for twice") {
    for (auto *const program : {asked_again, tags_again}) {
        both run{program}; // the map starts empty
        CHECK(run.step(packet{}.ethernet().ipv4().udp()).number(0) == 1);
        CHECK(run.step(packet{}.ethernet().vlan({.tci = 3 << 13 | 7}).ipv4().udp()).number(0) == (1 * 3 + 7) * 5 + 3);
        CHECK(run.step(packet{}.ethernet().vlan().ipv4().udp()).number(1) == 1); // the sum was 3
    }
    both run{tags_again};
    CHECK(run.step(packet{}.ethernet().vlan({.tci = 7}).vlan({.tci = 2 << 13 | 9}).ipv4()).number(0) ==
          (1 * 3 + 9) * 5 + 2);
}

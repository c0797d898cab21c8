// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "chain_lengths.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

TEST_CASE("length fields that lie, or say nothing, are not read") {
    both within{ports_within};
    for (auto *const program : {ports_ignoring, ports_exactly, ports_in_turn}) {
        both run{program};
        for (u16 const says : {0, 1, 19, 20, 21, 39, 40, 45, 46, 47, 65535})
            for (u32 tags = 0; tags <= 2; tags++)
                for (bool const six : {false, true}) {
                    packet p;
                    p.ethernet();
                    for (u32 i = 0; i < tags; i++) p.vlan(5);
                    six ? p.ipv6({.payload_length = says}) : p.ipv4({.total_length = says});
                    auto const bytes = p.tcp({.src = 7, .dst = 9}).payload("GET / ").padded(100).bytes();
                    INFO(says << ' ' << tags << ' ' << six);
                    auto const a = run.run(bytes);
                    CHECK(a.why == reason::none);
                    CHECK(a.number(0) == 7);
                    CHECK(a.number(1) == 9);
                    CHECK(a.number(2) == 100 - 14 - tags * 4 - (six ? 40 : 20)); // what is padding nobody knows
                    CHECK(a.number(3) == 100 - 34 - tags * 4 - (six ? 40 : 20));
                    CHECK((within.run(bytes).why == reason::none) == (says >= (six ? 20 : 40)));
                }
        for (u16 const says : {0, 7, 8, 10, 65535}) {
            auto const a = run.run(packet{}.ethernet().ipv4().udp({.length = says}).payload("abc"));
            CHECK(a.why == (says < 8 ? reason::malformed : reason::none)); // a length that no header can have is broken
            CHECK(a.number(3) == (says < 8 ? 0 : 3));
        }
    }
}

TEST_CASE("what is not in the packet is truncated all the same, and what is broken malformed") {
    for (auto *const program : {ports_ignoring, ports_exactly}) {
        both run{program};
        auto const options = byte_string(8, 1);
        run.sweep(packet{}.ethernet().ipv4({.total_length = u16{0}, .options = options}).tcp({.options = options}), 70);
        run.sweep(packet{}.ethernet().ipv6({.payload_length = u16{0}}).hop_by_hop().routing().udp(), 78);
        CHECK(run.run(packet{}.ethernet().ipv4({.version = 5}).tcp()).why == reason::malformed);
        CHECK(run.run(packet{}.ethernet().ipv4({.ihl = u8{4}}).tcp()).why == reason::malformed);
        CHECK(run.run(packet{}.ethernet().ipv4().tcp({.data_offset = u8{4}})).why == reason::malformed);
        CHECK(run.run(packet{}.ethernet().ipv4().tcp({.data_offset = u8{6}})).why == reason::truncated);
        CHECK(run.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).tcp()).why == reason::fragment);
        CHECK(run.run(packet{}.ethernet().arp().padded()).why == reason::other_protocol);
    }
}

TEST_CASE("in tunnels and behind optional headers no length is read either") {
    both run{tunnelled}, optional{perhaps};
    for (bool const gre : {false, true})
        for (bool const six : {false, true})
            for (u16 const says : {0, 30, 1000}) {
                packet p;
                p.ethernet().ipv4({.total_length = says});
                if (gre) p.other({0x20, 0, u8(six ? 0x86 : 8), u8(six ? 0xdd : 0), 1, 2, 3, 4}, {}, u8{47});
                six ? p.ipv6({.payload_length = says}).destination() : p.ipv4({.total_length = says});
                auto const needed = p.tcp({.src = 7}).size();
                auto const bytes = p.payload("yes").bytes();
                INFO(gre << ' ' << six << ' ' << says);
                auto const a = run.run(bytes);
                CHECK(a.why == reason::none);
                CHECK(a.number(0) == 7);
                CHECK(a.number(1) == bytes.size() - 34);
                CHECK(a.number(2) == 23 + (six ? 8 : 0));
                CHECK(a.number(3) == 3);
                run.sweep(bytes, needed);
            }
    auto const with = optional.run(packet{}.ethernet().ipv6({.payload_length = u16{0}}).routing().udp().payload("abc"));
    CHECK(with.why == reason::none);
    CHECK(with.number(0) == 1);
    CHECK(with.number(1) == 8 + 8 + 3);
    auto const none =
        optional.run(packet{}.ethernet().ipv6({.payload_length = u16{1}}).routing().icmpv6().payload("abc"));
    CHECK(none.why == reason::none);
    CHECK(none.number(0) == 0);
}

TEST_CASE("each chain says for itself what it believes") {
    both later{ignoring_later}, before{ignoring_before}, inner{quoted_whole};
    auto const of = [](u16 total, u16 length) {
        return packet{}
            .ethernet()
            .ipv4({.total_length = total})
            .udp({.length = length})
            .payload("abcdef")
            .padded(60)
            .bytes();
    };
    CHECK(later.run(of(34, 14)).number(0) == 14);
    CHECK(later.run(of(34, 14)).number(1) == 60 - 42);
    CHECK(later.run(of(20, 8)).why == reason::none);
    CHECK(later.run(of(20, 8)).number(0) == 0);
    CHECK(later.run(of(19, 8)).why == reason::truncated);
    CHECK(before.run(of(0, 12)).number(0) == 60 - 34);
    CHECK(before.run(of(0, 12)).number(1) == 4);
    CHECK(before.run(of(0, 7)).why == reason::malformed);

    auto const quoted = packet{}.ipv4({.total_length = u16{1500}}).udp({.length = u16{1480}}).payload("abc").bytes();
    auto const a = inner.run(packet{}.ethernet().ipv4().icmp({.type = 3}).payload(quoted).padded(100));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == quoted.size());
    CHECK(a.number(1) == 100 - 42 - 20);
    CHECK(a.number(2) == 100 - 42 - 28);
}

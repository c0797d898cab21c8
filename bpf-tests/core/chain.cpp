// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "chain.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::answer, test::both, test::packet;
using bytes_of = test::byte_string;

TEST_CASE("three headers, at once and by steps") {
    for (auto *const program : {plain, stepwise, two_and_one, in_order}) {
        both run{program};
        auto const a = run.run(packet{}.ethernet().ipv4().tcp().payload("hello"));
        CHECK(a.verdict == xdp::pass);
        CHECK(a.number(0) == 0x0800);
        CHECK(a.number(1) == 0x0a00'0001);
        CHECK(a.number(2) == 1234);
        CHECK(a.number(3) == 80);
        CHECK(a.number(4) == 5);
        run.sweep(packet{}.ethernet().ipv4().tcp().payload("hello"), 54);
        run.sweep(packet{}.ethernet().ipv4({.options = bytes_of(40, 1)}).tcp().payload("hello"), 94);
        run.sweep(packet{}.ethernet().ipv4().tcp({.options = bytes_of(40, 1)}).payload("hello"), 94);
        run.sweep(packet{}.ethernet().ipv4({.options = bytes_of(4, 1)}).tcp({.options = bytes_of(8, 1)}), 66);
    }
}

TEST_CASE("one thing is wrong, and the reason names it") {
    using r = reason;
    struct row {
        char const *what;
        bytes_of bytes;
        reason why;
    };
    auto const eth = [] { return packet{}.ethernet(); };
    row const rows[] = {
        {"nothing", eth().ipv4().tcp(), r::none},
        {"Ethernet says ARP", packet{}.ethernet({.type = u16{0x0806}}).ipv4().tcp(), r::other_protocol},
        {"Ethernet says a length", packet{}.ethernet({.type = u16{46}}).ipv4().tcp(), r::other_protocol},
        {"a real ARP, padded", eth().arp().padded(), r::other_protocol},
        {"IPv4 says UDP", eth().ipv4({.protocol = u8{17}}).tcp(), r::other_protocol},
        {"IPv4 says 0", eth().ipv4({.protocol = u8{0}}).tcp(), r::other_protocol},
        {"IPv4 says 255", eth().ipv4({.protocol = u8{255}}).tcp(), r::other_protocol},
        {"version 5", eth().ipv4({.version = 5}).tcp(), r::malformed},
        {"version 6", eth().ipv4({.version = 6}).tcp(), r::malformed},
        {"version 0", eth().ipv4({.version = 0}).tcp(), r::malformed},
        {"version 15", eth().ipv4({.version = 15}).tcp(), r::malformed},
        {"IHL 4", eth().ipv4({.ihl = u8{4}}).tcp(), r::malformed},
        {"IHL 0", eth().ipv4({.ihl = u8{0}}).tcp(), r::malformed},
        {"total length 0", eth().ipv4({.total_length = u16{0}}).tcp(), r::truncated},
        {"total length 19", eth().ipv4({.total_length = u16{19}}).tcp(), r::truncated},
        {"total length covers no options", eth().ipv4({.total_length = u16{23}, .options = bytes_of(4, 1)}).tcp(),
         r::truncated},
        {"total length 20", eth().ipv4({.total_length = u16{20}}).tcp(), r::truncated},
        {"total length 39", eth().ipv4({.total_length = u16{39}}).tcp().payload("xyz"), r::truncated},
        {"total length 40", eth().ipv4({.total_length = u16{40}}).tcp().payload("xyz"), r::none},
        {"total length 65535", eth().ipv4({.total_length = u16{65535}}).tcp().payload("xyz"), r::none},
        {"IHL 15 without bytes", eth().ipv4({.ihl = u8{15}, .total_length = u16{80}}).tcp(), r::truncated},
        {"a later fragment", eth().ipv4({.fragment_offset = 1}).tcp(), r::fragment},
        {"the last fragment", eth().ipv4({.more_fragments = true, .fragment_offset = 0x1fff}).tcp(), r::fragment},
        {"the first fragment", eth().ipv4({.more_fragments = true}).tcp(), r::none},
        {"not to be fragmented", eth().ipv4({.dont_fragment = true}).tcp(), r::none},
        {"data offset 4", eth().ipv4().tcp({.data_offset = u8{4}}), r::malformed},
        {"data offset 0", eth().ipv4().tcp({.data_offset = u8{0}}), r::malformed},
        {"data offset behind the packet", eth().ipv4().tcp({.data_offset = u8{6}}), r::truncated},
        {"data offset in the padding", eth().ipv4().tcp({.data_offset = u8{6}}).padded(64), r::truncated},
        {"data offset in the payload", eth().ipv4().tcp({.data_offset = u8{6}}).payload("four"), r::none},
    };
    both run{plain}, steps{stepwise}, mixed{two_and_one}, exact{in_order};
    for (auto const &row : rows) {
        INFO(row.what);
        auto const a = run.run(row.bytes);
        CHECK(a.why == row.why);
        for (auto *const other : {&steps, &mixed, &exact}) {
            auto const b = other->run(row.bytes);
            CHECK(b.why == row.why);
            if (row.why == reason::none) CHECK(b == a);
        }
    }
}

TEST_CASE("a length field bounds what it covers and nothing extends it") {
    both run{datagram};
    auto const udp = [](u16 total, u16 length) {
        return packet{}.ethernet().ipv4({.total_length = total}).udp({.length = length}).payload("0123456789").bytes();
    };
    auto const a = run.run(udp(38, 18));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 18); // behind IPv4
    CHECK(a.number(1) == 10); // behind UDP
    CHECK(run.run(udp(38, 8)).number(1) == 0);
    CHECK(run.run(udp(38, 9)).number(1) == 1);
    CHECK(run.run(udp(38, 7)).why == reason::malformed);
    CHECK(run.run(udp(38, 0)).why == reason::malformed);
    CHECK(run.run(udp(38, 19)).number(1) == 10);
    CHECK(run.run(udp(38, 65535)).number(1) == 10);
    CHECK(run.run(udp(30, 18)).number(1) == 2);
    CHECK(run.run(udp(28, 18)).number(1) == 0);
    CHECK(run.run(udp(28, 18)).why == reason::none);
    CHECK(run.run(udp(27, 18)).why == reason::truncated);
    CHECK(run.run(udp(65535, 65535)).number(0) == 18);
    CHECK(run.run(udp(65535, 65535)).number(1) == 10);
    auto const padded = packet{}.ethernet().ipv4().udp().payload("hi").padded(60).bytes();
    CHECK(padded.size() == 60);
    CHECK(run.run(padded).number(0) == 10);
    CHECK(run.run(padded).number(1) == 2);
    run.sweep(padded, 42);
}

TEST_CASE("the last header lies behind what a length field says") {
    for (auto *const program : {any_line, any_line_exact, its_line, its_line_exact}) {
        both run{program};
        bool const checks = program == its_line || program == its_line_exact;
        auto const sent = [&](char const *text, u16 length) {
            return run.run(packet{}
                               .ethernet()
                               .ipv4({.total_length = length, .options = bytes_of(4, 1)})
                               .tcp({.options = bytes_of(4, 1)})
                               .payload(text));
        };
        auto const whole = sent("GET /", 24 + 24 + 5);
        CHECK(whole.why == reason::none);
        CHECK(whole.number(0) == ' ');
        CHECK(whole.number(1) == 1);
        for (u16 length = 24 + 24; length < 24 + 24 + 4; length++) {
            INFO(length);
            CHECK(sent("GET /", length).why == reason::truncated);
            // What is wrong with a header itself is told first.
            CHECK(sent("PUT /", length).why == (checks ? reason::malformed : reason::truncated));
        }
        CHECK(sent("PUT /", 24 + 24 + 5).why == (checks ? reason::malformed : reason::none));
        run.sweep(packet{}.ethernet().ipv4().tcp({.options = bytes_of(4, 1)}).payload("GET /"), 62);
    }
}

TEST_CASE("a header that leads nowhere") {
    both run{arp};
    auto const request = packet{}.ethernet().arp().bytes();
    auto const a = run.run(request);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 0);
    run.sweep(request, 42);
    CHECK(run.run(packet{}.ethernet().arp().padded()).number(1) == 18); // ARP has no length of its own
    CHECK(run.run(packet{}.ethernet().ipv4().tcp()).why == reason::other_protocol);
    CHECK(run.run(packet{}.ethernet().arp({.hardware_type = 6})).why == reason::malformed);
}

TEST_CASE("VLAN tags, from none to one too many") {
    both one{tags_1}, two{tags_2}, three{tags_3}, last{tags_last};
    both *const runs[] = {&one, &two, &three};
    u16 const kinds[] = {0x8100, 0x88a8};
    for (u32 count = 0; count <= 4; count++)
        for (auto const outer : kinds)
            for (auto const inner : kinds) {
                packet p;
                p.ethernet();
                for (u32 i = 0; i < count; i++)
                    p.vlan(static_cast<u16>(0xe000 | (100 + i)), i + 1 < count ? outer : inner);
                auto const needed = p.ipv4().udp({.dst = 4789}).size();
                auto const bytes = p.payload("abc").bytes();
                for (u32 most = 1; most <= 3; most++) {
                    INFO(count << " tags, at most " << most);
                    auto const a = runs[most - 1]->run(bytes);
                    if (count <= most) {
                        CHECK(a.why == reason::none);
                        CHECK(a.number(0) == count); // of maybe<>: whether there is one
                        CHECK(a.number(1) == (count == 0 ? 0 : 99 + count));
                        CHECK(a.number(2) == 4789);
                        CHECK(a.number(3) == 3);
                        runs[most - 1]->sweep(bytes, needed);
                    } else // a header that may be there once or not at all is not a repeated one
                        CHECK(a.why == (most == 1 ? reason::other_protocol : reason::too_deep));
                }
                auto const a = last.run(bytes);
                INFO(count << " tags and nothing asked for behind them");
                CHECK(a.why == reason::none);
                CHECK(a.number(0) == std::min(count, 2u));
                last.sweep(bytes, 14 + 4 * std::min(count, 2u));
            }
    auto const a = two.run(packet{}.ethernet().vlan(7).ipv4().udp());
    CHECK(a.number(4) == 1);
    CHECK(a.number(5) == 1);
    CHECK(two.run(packet{}.ethernet().ipv4().udp()).number(4) == 0);
    CHECK(two.run(packet{}.ethernet().vlan(7).vlan(8).arp().padded(80)).why == reason::other_protocol);
}

TEST_CASE("either of two, twice") {
    both run{families}, steps{families_steps}, exact{families_exact};
    for (u32 tags = 0; tags <= 2; tags++)
        for (bool const v6 : {false, true})
            for (bool const datagram : {false, true}) {
                INFO(tags << " tags, v6 " << v6 << ", UDP " << datagram);
                packet p;
                p.ethernet();
                for (u32 i = 0; i < tags; i++) p.vlan(static_cast<u16>(i));
                if (v6)
                    p.ipv6({.hop_limit = 9});
                else
                    p.ipv4({.ttl = 9});
                if (datagram)
                    p.udp({.src = 1, .dst = 2});
                else
                    p.tcp({.src = 1, .dst = 2});
                auto const needed = p.size();
                auto const bytes = p.payload("payload").padded(90).bytes();
                auto const a = run.run(bytes);
                CHECK(a.why == reason::none);
                CHECK(a.number(0) == tags);
                CHECK(a.number(1) == v6 * 2u + datagram);
                CHECK(a.number(2) == (v6 ? 1 : 0x0000'ffff'0a00'0001));
                CHECK(a.number(3) == (v6 ? 2 : 0x0000'ffff'0a00'0002));
                CHECK(a.number(4) == 1);
                CHECK(a.number(5) == 2);
                CHECK(a.number(6) == 7);
                CHECK(a.number(7) == 9);
                CHECK(steps.run(bytes) == a);
                CHECK(exact.run(bytes) == a);
                run.sweep(bytes, needed);
                steps.sweep(bytes, needed);
                exact.sweep(bytes, needed);
            }
    for (auto *const r : {&run, &steps, &exact}) {
        CHECK(r->run(packet{}.ethernet().arp().padded(90)).why == reason::other_protocol);
        CHECK(r->run(packet{}.ethernet().ipv4().icmp().padded(90)).why == reason::other_protocol);
        CHECK(r->run(packet{}.ethernet().ipv6().icmpv6().padded(90)).why == reason::other_protocol);
        CHECK(r->run(packet{}.ethernet().ipv4({.fragment_offset = 3}).udp().padded(90)).why == reason::fragment);
        CHECK(r->run(packet{}.ethernet().ipv6().fragment({.offset = 3}).udp().padded(90)).why == reason::fragment);
        CHECK(r->run(packet{}.ethernet().ipv6({.version = 4}).udp().padded(90)).why == reason::malformed);
        CHECK(r->run(packet{}.ethernet({.type = u16{0x0800}}).ipv6().udp()).why == reason::malformed);
        CHECK(r->run(packet{}.ethernet().vlan().vlan().vlan().ipv4().udp().padded(90)).why == reason::too_deep);
        CHECK(r->run(packet{}.ethernet().ipv4().tcp({.data_offset = u8{4}}).padded(90)).why == reason::malformed);
        CHECK(r->run(packet{}.ethernet().ipv6().udp({.length = u16{7}}).padded(90)).why == reason::malformed);
    }
}

TEST_CASE("IPv6 extension headers") {
    both run{extensions};
    using layer = packet &(*)(packet &);
    layer const kinds[] = {
        [](packet &p) -> packet & { return p.hop_by_hop(); },
        [](packet &p) -> packet & { return p.routing({.data = bytes_of(22)}); },
        [](packet &p) -> packet & { return p.destination({.data = bytes_of(14)}); },
        [](packet &p) -> packet & { return p.fragment({.more = true}); },
        [](packet &p) -> packet & { return p.fragment({.reserved = 0xff}); },
        [](packet &p) -> packet & { return p.ah(); },
        [](packet &p) -> packet & { return p.ah({.data = bytes_of(22)}); },
        [](packet &p) -> packet & { return p.mobility({.data = bytes_of(6)}); },
        [](packet &p) -> packet & { return p.hip({.data = bytes_of(38)}); },
        [](packet &p) -> packet & { return p.shim6({.data = bytes_of(6)}); },
    };
    auto const check = [&](std::initializer_list<layer> layers) {
        packet p;
        p.ethernet().ipv6();
        for (auto const add : layers) add(p);
        auto const needed = p.udp({.src = 7, .dst = 9}).size();
        auto const bytes = p.payload("xy").bytes();
        auto const a = run.run(bytes);
        CHECK(a.why == reason::none);
        CHECK(a.number(0) == 7);
        CHECK(a.number(1) == 9);
        CHECK(a.number(2) == 2);
        run.sweep(bytes, needed);
    };
    check({});
    for (auto const a : kinds) check({a});
    for (auto const a : kinds)
        for (auto const b : kinds) check({a, b});
    check({kinds[0], kinds[2], kinds[1], kinds[3], kinds[5], kinds[2]}); // six, in the order of RFC 8200
    check({kinds[9], kinds[8], kinds[7], kinds[6], kinds[5], kinds[4]});

    SECTION("a seventh is too deep") {
        auto p = packet{}.ethernet().ipv6();
        for (u32 i = 0; i < 7; i++) p.destination();
        CHECK(run.run(p.udp()).why == reason::too_deep);
    }
    SECTION("a fragment other than the first has nothing above, wherever it stands") {
        CHECK(run.run(packet{}.ethernet().ipv6().fragment({.offset = 1}).udp()).why == reason::fragment);
        CHECK(run.run(packet{}.ethernet().ipv6().fragment({.offset = 0x1fff, .more = true}).udp()).why ==
              reason::fragment);
        CHECK(run.run(packet{}.ethernet().ipv6().hop_by_hop().destination().fragment({.offset = 1}).udp()).why ==
              reason::fragment);
        CHECK(run.run(packet{}.ethernet().ipv6().fragment({.offset = 1}).destination().udp()).why == reason::fragment);
    }
    SECTION("what leads nowhere") {
        CHECK(run.run(packet{}.ethernet().ipv6({.next_header = u8{59}}).udp()).why == reason::other_protocol);
        CHECK(run.run(packet{}.ethernet().ipv6().hop_by_hop({.next_header = u8{59}}).udp()).why ==
              reason::other_protocol);
        CHECK(run.run(packet{}.ethernet().ipv6().hop_by_hop().tcp()).why == reason::other_protocol);
        CHECK(run.run(packet{}.ethernet().ipv6().hop_by_hop({.next_header = u8{50}}).udp()).why ==
              reason::other_protocol); // ESP hides what it carries
    }
    SECTION("lengths that lie") {
        // The header stands where the length says, and the payload length or the packet ends before it does.
        CHECK(run.run(packet{}.ethernet().ipv6().hop_by_hop({.length = u8{1}}).udp()).why == reason::truncated);
        CHECK(run.run(packet{}.ethernet().ipv6().hop_by_hop({.length = u8{255}}).udp()).why == reason::truncated);
        CHECK(run.run(packet{}.ethernet().ipv6().ah({.length = u8{255}}).udp()).why == reason::truncated);
        CHECK(run.run(packet{}.ethernet().ipv6({.payload_length = u16{15}}).hop_by_hop().udp().padded(100)).why ==
              reason::truncated);
        CHECK(run.run(packet{}.ethernet().ipv6({.payload_length = u16{7}}).hop_by_hop().udp().padded(100)).why ==
              reason::truncated);
        CHECK(run.run(packet{}.ethernet().ipv6({.payload_length = u16{0}}).hop_by_hop().udp().padded(100)).why ==
              reason::truncated);
        CHECK(run.run(packet{}.ethernet().ipv6({.payload_length = u16{16}}).hop_by_hop().udp().padded(100)).why ==
              reason::none);
        // A length that leads into other bytes: what stands there is taken for what the header says, in its bounds.
        auto const inside =
            packet{}.ethernet().ipv6().hop_by_hop({.length = u8{0}, .data = bytes_of(14)}).udp().bytes();
        CHECK(run.run(inside).why == reason::malformed); // zeros as a UDP header: length 0
    }
    SECTION("the longest that there are") {
        auto p = packet{}.ethernet().ipv6().destination({.data = bytes_of(2046)}).destination({.data = bytes_of(510)});
        auto const needed = p.udp({.src = 7, .dst = 9}).size();
        auto const bytes = p.payload("xy").bytes();
        auto const a = run.run(bytes); // natively only: longer than what BPF_PROG_TEST_RUN takes
        CHECK(a.why == reason::none);
        CHECK(a.number(2) == 2);
        CHECK(run.run({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(needed)}).why == reason::none);
        CHECK(run.run({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(needed - 1)}).why ==
              reason::truncated);
        // A multiple of 8 more is too much, whatever of it is there.
        auto const more =
            packet{}.ethernet().ipv6().destination({.data = bytes_of(2046)}).destination({.data = bytes_of(518)});
        CHECK(run.run(packet{more}.udp()).why == reason::too_deep);
    }
    SECTION("IPv6 alone") {
        both alone{ipv6_alone};
        auto const bytes = packet{}.ethernet().ipv6().hop_by_hop().udp().bytes();
        auto const a = alone.run(bytes);
        CHECK(a.number(0) == 0);
        CHECK(a.number(1) == 16);
        alone.sweep(bytes, 54);
        CHECK(alone.run(packet{}.ethernet().ipv6().fragment({.offset = 8}).udp()).why == reason::none);
    }
}

TEST_CASE("IP in IP: inner lengths stay within outer ones") {
    both run{ip_in_ip}, any{any_in_any};
    auto const bytes = packet{}.ethernet().ipv4({.src = 1}).ipv4({.src = 2}).udp({.dst = 3}).payload("abcd").bytes();
    auto const a = run.run(bytes);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 2);
    CHECK(a.number(2) == 3);
    CHECK(a.number(3) == 4);
    run.sweep(bytes, 62);
    any.sweep(bytes, 62);
    auto const outer = [](u16 total, u16 inner) {
        return packet{}
            .ethernet()
            .ipv4({.total_length = total})
            .ipv4({.total_length = inner})
            .udp()
            .payload("abcd")
            .bytes();
    };
    for (auto *const r : {&run, &any}) {
        auto const left = r == &run ? 3 : 2;
        CHECK(r->run(outer(52, 65535)).number(left) == 4);
        CHECK(r->run(outer(50, 32)).number(left) == 2);
        CHECK(r->run(outer(48, 32)).number(left) == 0);
        CHECK(r->run(outer(47, 32)).why == reason::truncated);
        CHECK(r->run(outer(39, 32)).why == reason::truncated);
        CHECK(r->run(outer(52, 19)).why == reason::truncated);
        CHECK(r->run(packet{}.ethernet().ipv4({.fragment_offset = 1}).ipv4().udp()).why == reason::fragment);
        CHECK(r->run(packet{}.ethernet().ipv4().ipv4({.fragment_offset = 1}).udp()).why == reason::fragment);
        CHECK(
            r->run(packet{}.ethernet().ipv4({.options = bytes_of(8, 1)}).ipv4({.options = bytes_of(4, 1)}).udp()).why ==
            reason::none);
    }
    for (u32 kind = 0; kind < 8; kind++) {
        packet p;
        p.ethernet();
        if (kind & 4)
            p.ipv6().hop_by_hop();
        else
            p.ipv4({.options = bytes_of(12, 1)});
        if (kind & 2)
            p.ipv6().destination();
        else
            p.ipv4({.options = bytes_of(4, 1)});
        if (kind & 1)
            p.udp({.dst = 5});
        else
            p.tcp({.dst = 5, .options = bytes_of(4, 1)});
        auto const needed = p.size();
        auto const made = p.payload("abc").bytes();
        INFO(kind);
        auto const b = any.run(made);
        CHECK(b.why == reason::none);
        CHECK(b.number(0) == kind);
        CHECK(b.number(1) == 5);
        CHECK(b.number(2) == 3);
        any.sweep(made, needed);
    }
}

TEST_CASE("a packet within the payload of another") {
    both run{quoted};
    auto const inner = packet{}.ipv4({.src = 9}).udp({.src = 5, .dst = 6}).bytes();
    auto const bytes = packet{}.ethernet().ipv4().icmp({.type = 3}).payload(inner).bytes();
    auto const a = run.run(bytes);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 3);
    CHECK(a.number(1) == 9);
    CHECK(a.number(2) == 5);
    CHECK(a.number(3) == 6);
    run.sweep(bytes, 70);
    auto const cut = [&](u16 total) {
        return run.run(packet{}.ethernet().ipv4({.total_length = total}).icmp({.type = 3}).payload(inner));
    };
    CHECK(cut(56).why == reason::none);
    CHECK(cut(55).why == reason::truncated);
    CHECK(cut(48).why == reason::truncated);
    CHECK(cut(28).why == reason::truncated);
    // An error message may quote the first 8 bytes alone: the total length within is that of the whole datagram.
    auto const lying = packet{}.ipv4({.total_length = u16{1500}}).udp({.length = u16{1480}}).bytes();
    auto const b = run.run(packet{}.ethernet().ipv4().icmp({.type = 3}).payload(lying).padded(100));
    CHECK(b.why == reason::none);
    CHECK(b.number(4) == 0); // what is behind the outer length is no payload of the inner
}

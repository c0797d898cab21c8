// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The cases that the kernel tests its own dissector with, described field by field, and others.
#include <examples/flow_dissector/flow_dissector.bpf.cpp>
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using flow_dissector::parse_first_fragment, flow_dissector::stop_at_flow_label, flow_dissector::stop_at_encapsulation;
using test::both, test::packet, test::byte_string, test::joined;

namespace {
auto keys_in(test::answer const &a) -> flow_dissector::keys {
    REQUIRE(a.bytes.size() == sizeof(flow_dissector::keys));
    flow_dissector::keys k;
    std::memcpy(static_cast<void *>(&k), a.bytes.data(), sizeof k);
    return k;
}
/// All that a packet says apart from addresses, which are compared by themselves.
struct expected {
    u32 nhoff = 14, thoff = 34;
    u32 addr_proto = 0x0800, n_proto = 0x0800, ip_proto = 6;
    u32 sport = 0x5000, dport = 0x901f;
    bool is_frag = false, is_first_frag = false, is_encap = false;
    u32 flow_label = 0;
};
auto is(test::answer const &a, expected const &e) -> bool {
    auto const k = keys_in(a);
    return a.verdict == flow_dissector::ok && k.nhoff == e.nhoff && k.thoff == e.thoff &&
           k.addr_proto == e.addr_proto && k.n_proto.value() == e.n_proto && k.ip_proto == e.ip_proto &&
           k.sport.value() == e.sport && k.dport.value() == e.dport && k.is_frag == e.is_frag &&
           k.is_first_frag == e.is_first_frag && k.is_encap == e.is_encap && k.flow_label.value() == e.flow_label;
}
auto text_of(test::answer const &a) -> std::string {
    auto const k = keys_in(a);
    std::ostringstream out;
    out << "verdict " << a.verdict << " nhoff " << k.nhoff << " thoff " << k.thoff << " addr_proto " << k.addr_proto
        << " n_proto " << k.n_proto.value() << " ip_proto " << u32{k.ip_proto} << " ports " << k.sport.value() << ' '
        << k.dport.value() << " frag " << u32{k.is_frag} << " first " << u32{k.is_first_frag} << " encap "
        << u32{k.is_encap} << " label " << k.flow_label.value();
    return out.str();
}

auto eth() -> packet { return packet{}.ethernet(); }
// The kernel's packets name no IP version, and state lengths that are far from true.
test::ipv4_fields const four{.version = 0, .total_length = u16{123}, .src = 0, .dst = 0};
test::ipv6_fields const six{.version = 0, .payload_length = u16{123}};
test::tcp_fields const tcp{.src = 0x5000, .dst = 0x901f};
auto with_label(u32 label) -> test::ipv6_fields {
    auto f = six;
    f.flow_label = label;
    return f;
}
auto fragment_of(test::ipv4_fields f) -> test::ipv4_fields {
    f.more_fragments = true;
    return f;
}
} // namespace

TEST_CASE("the kernel's own cases") {
    both run{dissect};
    struct row {
        char const *name;
        byte_string bytes;
        u32 flags;
        expected keys;
    };
    auto const in_four = fragment_of(four);
    auto left = four;
    left.src = 0x7f00'007f;
    constexpr u32 v6 = 0x86dd;
    row const rows[] = {
        {"ipv4", eth().ipv4(four).tcp(tcp), 0, {}},
        {"ipv6", eth().ipv6(six).tcp(tcp), 0, {.thoff = 54, .addr_proto = v6, .n_proto = v6}},
        {"802.1q, ipv4", eth().vlan().ipv4(four).tcp(tcp), 0, {.nhoff = 18, .thoff = 38}},
        {"802.1ad, ipv6",
         eth().vlan(0, 0x88a8).vlan().ipv6(six).tcp(tcp),
         0,
         {.nhoff = 22, .thoff = 62, .addr_proto = v6, .n_proto = v6}},
        {"first fragment, asked for",
         eth().ipv4(in_four).tcp(tcp),
         parse_first_fragment,
         {.is_frag = true, .is_first_frag = true}},
        {"first fragment",
         eth().ipv4(in_four).tcp(tcp),
         0,
         {.sport = 0, .dport = 0, .is_frag = true, .is_first_frag = true}},
        {"first fragment of ipv6, asked for",
         eth().ipv6(six).fragment().tcp(tcp),
         parse_first_fragment,
         {.thoff = 62, .addr_proto = v6, .n_proto = v6, .is_frag = true, .is_first_frag = true}},
        {"first fragment of ipv6",
         eth().ipv6(six).fragment().tcp(tcp),
         0,
         {.thoff = 62,
          .addr_proto = v6,
          .n_proto = v6,
          .sport = 0,
          .dport = 0,
          .is_frag = true,
          .is_first_frag = true}},
        {"flow label",
         eth().ipv6(with_label(0xbeeef)).tcp(tcp),
         0,
         {.thoff = 54, .addr_proto = v6, .n_proto = v6, .flow_label = 0xbeeef}},
        {"flow label is enough",
         eth().ipv6(with_label(0xbeeef)).tcp(tcp),
         stop_at_flow_label,
         {.thoff = 54, .addr_proto = v6, .n_proto = v6, .sport = 0, .dport = 0, .flow_label = 0xbeeef}},
        {"no flow label is not",
         eth().ipv6(with_label(0)).tcp(tcp),
         stop_at_flow_label,
         {.thoff = 54, .addr_proto = v6, .n_proto = v6}},
        {"ip in ip", eth().ipv4(four).ipv4(four).tcp(tcp), 0, {.thoff = 54, .is_encap = true}},
        {"ip in ip, the outer one",
         eth().ipv4(four).ipv4(four).tcp(tcp),
         stop_at_encapsulation,
         {.ip_proto = 4, .sport = 0, .dport = 0, .is_encap = true}},
        {"gre",
         eth().ipv4(four).other({0, 0, 8, 0}, {}, u8{47}).ipv4(four).tcp(tcp),
         0,
         {.thoff = 58, .is_encap = true}},
        {"gre, the outer one",
         eth().ipv4(four).other({0, 0, 8, 0}, {}, u8{47}).ipv4(four).tcp(tcp),
         stop_at_encapsulation,
         {.thoff = 38, .ip_proto = 47, .sport = 0, .dport = 0, .is_encap = true}},
    };
    for (auto const &row : rows) {
        INFO(row.name);
        for (std::size_t padded : {0u, 82u, 200u}) {
            auto bytes = row.bytes;
            bytes.resize(std::max(bytes.size(), padded));
            auto const a = run.flags(row.flags).run(bytes);
            INFO(text_of(a));
            CHECK(is(a, row.keys));
            CHECK(keys_in(a).flags == row.flags);
        }
    }
    CHECK(run.flags(0).run(eth().ipv4(left).ipv4(four).tcp(tcp)).verdict == flow_dissector::fall_back);
}

TEST_CASE("each version of IP, its addresses, and what goes on behind it") {
    both run{dissect};
    auto a = run.run(eth().ipv4({.src = 0x0102'0304, .dst = 0x0506'0708}).udp({.src = 1, .dst = 2}));
    CHECK(is(a, {.ip_proto = 17, .sport = 1, .dport = 2}));
    byte_string const both_addresses = {1, 2, 3, 4, 5, 6, 7, 8};
    CHECK(std::memcmp(keys_in(a).addresses, both_addresses.data(), 8) == 0);
    a = run.run(
        eth().ipv6({.flow_label = 5}).hop_by_hop().destination({.data = byte_string(14)}).udp({.src = 1, .dst = 2}));
    CHECK(is(a, {.thoff = 78,
                 .addr_proto = 0x86dd,
                 .n_proto = 0x86dd,
                 .ip_proto = 17,
                 .sport = 1,
                 .dport = 2,
                 .flow_label = 5}));
    test::ipv6_fields const fields{};
    CHECK(std::memcmp(keys_in(a).addresses, fields.src.data(), 16) == 0);
    CHECK(std::memcmp(keys_in(a).addresses + 16, fields.dst.data(), 16) == 0);
    CHECK(is(run.run(eth().ipv4({.options = byte_string(8, 1)}).tcp(tcp)), {.thoff = 42}));
    CHECK(is(run.run(eth().ipv4().icmp()), {.ip_proto = 1, .sport = 0, .dport = 0}));
    for (u8 protocol : {u8{33}, u8{132}, u8{136}}) {
        auto transport = byte_string(40);
        transport[0] = 0x50, transport[2] = 0x90, transport[3] = 0x1f;
        transport[4] = 10, transport[8] = 5; // of DCCP: its length, and the long form of a response
        CHECK(is(run.run(eth().ipv4({.protocol = protocol}).payload(transport)), {.ip_proto = protocol}));
    }
    // What has no ports has addresses all the same.
    CHECK(is(run.run(eth().ipv4({.protocol = u8{89}}).payload("abc")), {.ip_proto = 89, .sport = 0, .dport = 0}));
    CHECK(run.run(eth().arp()).verdict == flow_dissector::drop);
    CHECK(run.run(eth().vlan().vlan().vlan().ipv4().tcp()).verdict == flow_dissector::drop);
    CHECK(run.run(eth().ipv4({.ihl = 4}).tcp()).verdict == flow_dissector::drop);
    CHECK(run.run(eth().ipv4().tcp({.data_offset = u8{4}})).verdict == flow_dissector::drop);
    CHECK(run.run(eth().other({0, 0, 0x11, 64}, 0x8847).ipv4().tcp()).verdict == flow_dissector::ok);
}

TEST_CASE("tunnels") {
    both run{dissect};
    auto const gre = [](u8 flags, byte_string const &fields, u16 type = 0x0800) {
        return eth().ipv4().other(joined({flags, 0, static_cast<u8>(type >> 8), static_cast<u8>(type)}, fields), {},
                                  u8{47});
    };
    CHECK(is(run.run(gre(0xb0, byte_string(12)).ipv4().tcp(tcp)), {.thoff = 70, .is_encap = true}));
    CHECK(is(run.run(gre(0x20, byte_string(4)).ipv4().tcp(tcp)), {.thoff = 62, .is_encap = true}));
    CHECK(is(run.run(gre(0, {}, 0x6558).ethernet().ipv4().tcp(tcp)), {.thoff = 72, .is_encap = true}));
    CHECK(is(run.run(gre(0, {}, 0x6558).ethernet().vlan().ipv6().tcp(tcp)),
             {.thoff = 96, .addr_proto = 0x86dd, .is_encap = true}));
    CHECK(is(run.run(eth().ipv4().other({0, 1, 8, 0}, {}, u8{47}).ipv4().tcp()),
             {.ip_proto = 47, .sport = 0, .dport = 0})); // PPTP's version
    CHECK(is(run.run(eth().ipv6().ipv4().tcp(tcp)), {.thoff = 74, .n_proto = 0x86dd, .is_encap = true}));
    CHECK(is(run.run(eth().ipv4().ipv6().ipv4().tcp(tcp)), {.thoff = 94, .is_encap = true}));
    run.flags(stop_at_encapsulation);
    CHECK(is(run.run(eth().ipv4().payload("").other({}, {}, u8{41})),
             {.ip_proto = 41, .sport = 0, .dport = 0, .is_encap = true})); // nothing need follow
    CHECK(is(run.run(eth().ipv6().ipv4().tcp(tcp)), {.thoff = 54,
                                                     .addr_proto = 0x86dd,
                                                     .n_proto = 0x86dd,
                                                     .ip_proto = 4,
                                                     .sport = 0,
                                                     .dport = 0,
                                                     .is_encap = true}));
}

TEST_CASE("fragments other than the first have no ports") {
    both run{dissect};
    for (u32 flags : {0u, parse_first_fragment}) {
        run.flags(flags);
        CHECK(is(run.run(eth().ipv4({.fragment_offset = 3}).tcp(tcp)), {.sport = 0, .dport = 0, .is_frag = true}));
        CHECK(is(run.run(eth().ipv6().fragment({.offset = 3}).tcp(tcp)),
                 {.thoff = 62, .addr_proto = 0x86dd, .n_proto = 0x86dd, .sport = 0, .dport = 0, .is_frag = true}));
    }
}

TEST_CASE("cut off anywhere, with any flags: never a port that is not there") {
    both run{dissect};
    byte_string const packets[] = {
        eth().ipv4(four).tcp(tcp),
        eth().vlan().ipv6(six).destination().fragment().tcp(tcp),
        eth()
            .ipv4(fragment_of(four))
            .other({0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {}, u8{47})
            .ipv4(four)
            .tcp(tcp),
        eth().ipv4(four).ipv6(with_label(7)).hop_by_hop().udp({.src = 0x5000, .dst = 0x901f}),
    };
    for (auto const &whole : packets)
        for (u32 flags = 0; flags < 8; flags++)
            run.flags(flags).sweep(whole, [&](std::size_t length, test::answer const &a) {
                auto const k = keys_in(a);
                auto const ports = k.sport.value() != 0;
                if (length < 14) return a.verdict == flow_dissector::drop;
                return k.nhoff >= 14 && k.thoff >= k.nhoff && k.thoff <= length &&
                       (!ports || (a.verdict == flow_dissector::ok && k.thoff + 4u <= length));
            });
}

TEST_CASE("3000 packets that are wrong in any way") {
    both run{dissect};
    byte_string const seeds[] = {
        eth().vlan().ipv4().ipv4().tcp(tcp),
        eth().ipv6().hop_by_hop().routing().fragment().destination().udp(),
        eth().ipv4().other({0x20, 0, 0x65, 0x58, 0, 0, 0, 1}, {}, u8{47}).ethernet().ipv6().tcp(tcp),
        eth().ipv6({.flow_label = 9}).ipv4().icmp(),
    };
    std::mt19937 random{20'261'122};
    u32 ok = 0;
    for (u32 i = 0; i < 3000; i++) {
        auto b = seeds[i % std::size(seeds)];
        for (auto n = random() % 4; n > 0; n--) {
            static constexpr u8 telling[] = {0, 4, 6, 8, 17, 41, 43, 44, 47, 60, 0x45, 0x46, 0x60, 0x81, 0x88, 0xff};
            auto const at = 12 + random() % (b.size() - 12);
            b[at] = random() % 2 ? telling[random() % sizeof telling] : static_cast<u8>(random());
        }
        if (random() % 4 == 0) b.resize(14 + random() % (b.size() - 14));
        ok += run.flags(random() % 8).run(b).verdict == flow_dissector::ok;
    }
    CHECK(ok > 1000);
    CHECK(ok < 2900);
}

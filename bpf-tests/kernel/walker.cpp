// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "walker.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined, test::number_of_protocol;

namespace {
auto eth() -> packet { return packet{}.ethernet(); }
auto tunnel_port(u16 port) -> test::udp_fields { return {.src = 40'000, .dst = port}; }

/// Headers in order, by number and size; where each starts follows from those before.
struct expected {
    reason why = reason::none;
    std::vector<std::pair<u32, u32>> headers{};

    template <class H> auto then(u32 size = sizeof(H)) -> expected & {
        headers.emplace_back(number_of_protocol<H>, size);
        return *this;
    }
    auto end(reason r) -> expected & {
        why = r;
        return *this;
    }
};
template <class H> auto starting() -> expected { return expected{}.then<H>(); }

/// What a program told, read back.
struct told_trail {
    test::answer const &a;
    auto depth() const -> u32 { return static_cast<u32>(a.number(16)); }
    auto offset() const -> u32 { return static_cast<u32>(a.number(17)); }
    auto left() const -> u32 { return static_cast<u32>(a.number(18)); }
    auto index(u32 i) const -> u32 { return static_cast<u32>(a.number(i) >> 48); }
    auto at(u32 i) const -> u32 { return static_cast<u32>(a.number(i) >> 16 & 0xff'ffff); }
    auto size(u32 i) const -> u32 { return static_cast<u32>(a.number(i) & 0xffff); }
    auto depth_of(u32 i) const -> u32 { return static_cast<u32>(a.number(i) >> 40 & 0xff); }

    auto is(expected const &e) const -> bool {
        if (a.why != e.why || depth() != e.headers.size()) return false;
        u32 offset = 0;
        for (u32 i = 0; i < depth(); i++) {
            auto const [number, size_of] = e.headers[i];
            if (index(i) != number || size(i) != size_of || at(i) != offset || depth_of(i) != i) return false;
            offset += size_of;
        }
        return this->offset() == offset;
    }
    /// Whether it could be the trail of such a packet at all: headers one behind the other, none beyond the end.
    auto sound(std::size_t length) const -> bool {
        u32 offset = 0;
        for (u32 i = 0; i < depth(); i++) {
            if (at(i) != offset || depth_of(i) != i || size(i) == 0) return false;
            offset += size(i);
        }
        return depth() <= 12 && offset <= length && this->offset() == offset &&
               (depth() == 12 || a.why != reason::too_deep || depth() > 0);
    }
};

struct walkers {
    both of_xdp{of_frame}, of_tc{of_skb};

    /// Both builds tell the same.
    auto run(byte_string const &bytes) -> test::answer {
        auto const a = of_xdp.run(bytes), b = of_tc.run(bytes);
        if (!(a == b)) FAIL("XDP and TC differ over " << test::hex(bytes) << "\nXDP: " << a << "\nTC: " << b);
        if (!told_trail{a}.sound(bytes.size())) FAIL("no such trail is possible: " << test::hex(bytes) << "\n" << a);
        return a;
    }
    /// The whole packet, and cut off at every length: the headers that are there still are the same ones.
    auto sweep(byte_string const &bytes, expected const &e) -> void {
        auto const whole = run(bytes);
        if (!told_trail{whole}.is(e)) FAIL("not what was expected of " << test::hex(bytes) << "\n" << whole);
        for (std::size_t length = 0; length < bytes.size(); length++) {
            auto const a = run({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)});
            told_trail const t{a};
            std::size_t offset = 0;
            u32 fit = 0;
            while (fit < e.headers.size() && offset + e.headers[fit].second <= length)
                offset += e.headers[fit++].second;
            auto right = t.depth() <= e.headers.size();
            for (u32 i = 0; right && i < t.depth(); i++)
                right = t.index(i) == e.headers[i].first && t.size(i) <= e.headers[i].second;
            if (fit == e.headers.size())
                right = right && t.depth() == fit && (a.why == e.why || a.why == reason::truncated);
            else
                right = right && a.why == reason::truncated && (t.depth() == fit || t.depth() == fit + 1);
            if (!right) FAIL("cut off at " << length << " of " << test::hex(bytes) << "\n" << a);
        }
        SUCCEED();
    }
};
auto gre(u16 type, byte_string const &fields = {}, u8 flags = 0) -> byte_string {
    return joined({flags, 0, static_cast<u8>(type >> 8), static_cast<u8>(type)}, fields);
}
auto const vxlan = byte_string{8, 0, 0, 0, 0, 0, 7, 0};
} // namespace

TEST_CASE("plain packets, whole and cut off at every length") {
    walkers walk;
    auto const options = byte_string(12, 1);
    walk.sweep(eth().arp(), starting<net::ethernet>().then<net::arp>());
    walk.sweep(eth().ipv4().tcp().payload("text"), starting<net::ethernet>().then<net::ipv4>().then<net::tcp>());
    walk.sweep(eth().vlan(5, 0x88a8).vlan(6).ipv4({.options = options}).tcp({.options = options}).payload("text"),
               starting<net::ethernet>().then<net::vlan>().then<net::vlan>().then<net::ipv4>(32).then<net::tcp>(32));
    walk.sweep(eth().ipv6().udp().payload(byte_string(12)),
               starting<net::ethernet>().then<net::ipv6>().then<net::udp>().then<net::dns>());
    walk.sweep(eth().ipv4().icmp(), starting<net::ethernet>().then<net::ipv4>().then<net::icmp>());
    walk.sweep(eth().ipv4().icmp({.type = 3}).payload(packet{}.ipv4().udp(tunnel_port(7)).bytes()),
               starting<net::ethernet>().then<net::ipv4>().then<net::icmp>().then<net::ipv4>().then<net::udp>());
    walk.sweep(eth().ipv6().icmpv6({.type = 1}).payload(packet{}.ipv6().udp(tunnel_port(7)).bytes()),
               starting<net::ethernet>().then<net::ipv6>().then<net::icmpv6>().then<net::ipv6>().then<net::udp>());
    walk.sweep(eth().other(byte_string(4), 0x88b5), starting<net::ethernet>().end(reason::other_protocol));
    walk.sweep(eth().ipv4({.protocol = u8{253}}).payload("abc"),
               starting<net::ethernet>().then<net::ipv4>().end(reason::other_protocol));
    walk.sweep(eth().other({0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, 40).payload(packet{}.ipv4().udp(tunnel_port(7)).bytes()),
               starting<net::ethernet>().then<net::llc>().then<net::snap>().then<net::ipv4>().then<net::udp>());
}

TEST_CASE("IPv6 extension headers are headers of the walk, in any number up to its depth") {
    walkers walk;
    walk.sweep(eth()
                   .ipv6()
                   .hop_by_hop()
                   .routing({.data = byte_string(22)})
                   .destination()
                   .fragment()
                   .ah()
                   .mobility()
                   .hip()
                   .shim6()
                   .udp(tunnel_port(7))
                   .payload("abc"),
               starting<net::ethernet>()
                   .then<net::ipv6>()
                   .then<net::ipv6_hop_by_hop>()
                   .then<net::ipv6_routing>(24)
                   .then<net::ipv6_destination>()
                   .then<net::ipv6_fragment>()
                   .then<net::ah>()
                   .then<net::ipv6_mobility>()
                   .then<net::ipv6_host_identity>()
                   .then<net::ipv6_shim6>()
                   .then<net::udp>());
    auto loop = eth().ipv6();
    for (u32 i = 0; i < 40; i++) loop.destination();
    auto e = starting<net::ethernet>().then<net::ipv6>();
    for (u32 i = 0; i < 10; i++) e.then<net::ipv6_destination>();
    walk.sweep(loop.udp(), e.end(reason::too_deep));
    auto ten = eth().ipv6();
    for (u32 i = 0; i < 10; i++) ten.hop_by_hop();
    auto all = starting<net::ethernet>().then<net::ipv6>();
    for (u32 i = 0; i < 10; i++) all.then<net::ipv6_hop_by_hop>();
    walk.sweep(ten.payload(""), all.end(reason::other_protocol)); // experimental 253 behind the last
}

TEST_CASE("tunnels in tunnels") {
    walkers walk;
    auto const inner = packet{}.ethernet().ipv4().tcp().payload("inside").bytes();
    walk.sweep(eth().ipv4().udp(tunnel_port(4789)).payload(joined(vxlan, inner)), starting<net::ethernet>()
                                                                                      .then<net::ipv4>()
                                                                                      .then<net::udp>()
                                                                                      .then<net::vxlan>()
                                                                                      .then<net::ethernet>()
                                                                                      .then<net::ipv4>()
                                                                                      .then<net::tcp>());
    walk.sweep(eth()
                   .ipv4()
                   .udp(tunnel_port(6081))
                   .payload(joined({2, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 1, 0, 0, 0, 0}, inner)),
               starting<net::ethernet>()
                   .then<net::ipv4>()
                   .then<net::udp>()
                   .then<net::geneve>(16)
                   .then<net::ethernet>()
                   .then<net::ipv4>()
                   .then<net::tcp>());
    walk.sweep(eth().ipv4().other(gre(0x0800, byte_string(12, 9), 0xb0), {}, u8{47}).ipv4().udp(tunnel_port(7)),
               starting<net::ethernet>().then<net::ipv4>().then<net::gre>(16).then<net::ipv4>().then<net::udp>());
    walk.sweep(eth().other({0, 1, 2, 63, 0, 3, 1, 63}, 0x8847).ipv6().tcp(),
               starting<net::ethernet>().then<net::mpls>().then<net::mpls>().then<net::ipv6>().then<net::tcp>());
    walk.sweep(
        eth().other({0x11, 0, 0, 7, 0, 30, 0, 0x21}, 0x8864).payload(packet{}.ipv4().udp(tunnel_port(7)).bytes()),
        starting<net::ethernet>().then<net::pppoe>().then<net::ipv4>().then<net::udp>());
    walk.sweep(eth().other({0, 0, 0, 0, 0, 1, 8, 0}, 0x88e5).payload(packet{}.ipv4().udp(tunnel_port(7)).bytes()),
               starting<net::ethernet>().then<net::macsec>(8).then<net::ipv4>().then<net::udp>());
    walk.sweep(eth()
                   .ipv4()
                   .udp(tunnel_port(2152))
                   .payload(joined({0x34, 255, 0, 50, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0},
                                   packet{}.ipv4().udp(tunnel_port(7)).bytes())),
               starting<net::ethernet>()
                   .then<net::ipv4>()
                   .then<net::udp>()
                   .then<net::gtp_u>(16)
                   .then<net::ipv4>()
                   .then<net::udp>());
    walk.sweep(eth().ipv4().ipv6().ipv4().ipv6().tcp(), starting<net::ethernet>()
                                                            .then<net::ipv4>()
                                                            .then<net::ipv6>()
                                                            .then<net::ipv4>()
                                                            .then<net::ipv6>()
                                                            .then<net::tcp>());
}

TEST_CASE("a walk has an end: IP in IP, again and again") {
    walkers walk;
    for (u32 times = 1; times <= 14; times++) {
        auto p = eth();
        auto e = starting<net::ethernet>();
        for (u32 i = 0; i < times; i++) {
            p.ipv4();
            if (e.headers.size() < 12) e.then<net::ipv4>();
        }
        p.tcp();
        if (e.headers.size() < 12)
            e.then<net::tcp>();
        else
            e.end(reason::too_deep);
        walk.sweep(p.payload("x"), e);
    }
    auto tags = eth();
    auto e = starting<net::ethernet>();
    for (u32 i = 0; i < 300; i++) tags.vlan();
    for (u32 i = 0; i < 11; i++) e.then<net::vlan>();
    CHECK(told_trail{walk.run(tags.ipv4().udp())}.is(e.end(reason::too_deep)));
}

TEST_CASE("exactly as many headers as are looked at is not too deep") {
    both one{one_step};
    auto const payload = one.run(eth().other({}, 0x88b5));
    CHECK((payload.why == reason::other_protocol && told_trail{payload}.depth() == 1));
    auto const more = one.run(eth().ipv4());
    CHECK((more.why == reason::too_deep && told_trail{more}.depth() == 1 && told_trail{more}.offset() == 14));
    CHECK(one.run({}).why == reason::truncated);
}

TEST_CASE("fragments") {
    walkers walk;
    auto const start = starting<net::ethernet>().then<net::ipv4>();
    walk.sweep(eth().ipv4({.more_fragments = true}).udp(tunnel_port(7)).payload("12345678"),
               expected{start}.then<net::udp>());
    walk.sweep(eth().ipv4({.fragment_offset = 1}).udp(tunnel_port(7)), expected{start}.end(reason::fragment));
    walk.sweep(eth().ipv6().fragment({.offset = 0, .more = true}).udp(tunnel_port(7)).payload("12345678"),
               starting<net::ethernet>().then<net::ipv6>().then<net::ipv6_fragment>().then<net::udp>());
    walk.sweep(eth().ipv6().fragment({.offset = 5}).udp(tunnel_port(7)),
               starting<net::ethernet>().then<net::ipv6>().then<net::ipv6_fragment>().end(reason::fragment));
}

TEST_CASE("headers that cannot be, and lengths that lie") {
    walkers walk;
    auto const ip = starting<net::ethernet>().then<net::ipv4>();
    auto const frame_only = starting<net::ethernet>();
    for (u8 ihl = 0; ihl < 5; ihl++)
        CHECK(told_trail{walk.run(eth().ipv4({.ihl = ihl}).tcp())}.is(expected{frame_only}.end(reason::malformed)));
    CHECK(told_trail{walk.run(eth().ipv4({.ihl = u8{15}}).tcp())}.is(expected{frame_only}.end(reason::truncated)));
    for (u8 offset = 0; offset < 5; offset++)
        CHECK(told_trail{walk.run(eth().ipv4().tcp({.data_offset = offset}))}.is(expected{ip}.end(reason::malformed)));
    CHECK(told_trail{walk.run(eth().ipv4().tcp({.data_offset = u8{15}}))}.is(expected{ip}.end(reason::truncated)));
    CHECK(told_trail{walk.run(eth().ipv4().other({0, 1, 8, 0}, {}, u8{47}))}.is(expected{ip}.end(reason::malformed)));
    CHECK(told_trail{walk.run(eth().ipv4().udp({.length = u16{7}}))}.is(expected{ip}.end(reason::malformed)));
    // A length below the header covers nothing; one that is too long covers what is there.
    for (u16 length : {0, 1, 19})
        CHECK(told_trail{walk.run(eth().ipv4({.total_length = length}).tcp())}.is(
            expected{frame_only}.end(reason::truncated)));
    for (u16 length : {20, 21, 39})
        CHECK(told_trail{walk.run(eth().ipv4({.total_length = length}).tcp())}.is(expected{ip}.end(reason::truncated)));
    CHECK(told_trail{walk.run(eth().ipv4({.total_length = u16{0xffff}}).tcp())}.is(expected{ip}.then<net::tcp>()));
    // An inner length does not reach beyond an outer one.
    auto const a = walk.run(eth()
                                .ipv4({.total_length = u16{50}})
                                .ipv4({.total_length = u16{999}})
                                .udp(tunnel_port(7))
                                .payload("1234567890"));
    CHECK(told_trail{a}.is(expected{ip}.then<net::ipv4>().then<net::udp>()));
    CHECK(told_trail{a}.left() == 2);
    CHECK(told_trail{walk.run(eth().ipv6({.payload_length = u16{0}}).udp())}.is(
        starting<net::ethernet>().then<net::ipv6>().end(reason::truncated)));
    CHECK(told_trail{walk.run(eth().ipv6().destination({.length = u8{255}}).udp())}.is(
        starting<net::ethernet>().then<net::ipv6>().end(reason::truncated)));
}

TEST_CASE("a walk may start with another header of the set") {
    both run{from_ip};
    auto const four = run.run(packet{}.ipv4().udp(tunnel_port(7)).payload("abc"));
    CHECK(told_trail{four}.is(starting<net::ipv4>().then<net::udp>()));
    CHECK(told_trail{four}.left() == 3);
    auto const six = run.run(packet{}.ipv6().hop_by_hop().tcp());
    CHECK(told_trail{six}.is(starting<net::ipv6>().then<net::ipv6_hop_by_hop>().then<net::tcp>()));
    CHECK(run.run({}).verdict == xdp::pass);
}

TEST_CASE("a walk may start behind a key, at an offset, and end where its visitor says so") {
    both run{behind_frame};
    auto const a = run.run(eth().vlan().ipv4().udp(tunnel_port(4789)).payload(joined(vxlan, packet{}.ethernet())));
    CHECK((a.why == reason::none && a.number(2) == 3 && a.number(3) == 46));
    CHECK(a.number(0) == (u64{number_of_protocol<net::vlan>} << 16 | number_of_protocol<net::ipv4> << 8 |
                          number_of_protocol<net::udp>));
    CHECK(a.number(1) == (4 << 16 | 20 << 8 | 8));
    auto const b = run.run(eth().ipv6().tcp());
    CHECK((b.why == reason::none && b.number(2) == 2));
    auto const far = run.run(packet{}.ethernet({.dst = {0xff, 0, 0, 0, 0, 0}}).ipv4().udp());
    CHECK((far.why == reason::truncated && far.number(2) == 0));
    run.sweep(eth().ipv4().udp(tunnel_port(4789)), [](std::size_t length, test::answer const &c) {
        return length < 14 || c.number(2) == (length < 34 ? 0 : length < 42 ? 1 : 2);
    });
}

TEST_CASE("what is not in the set ends the walk") {
    both run{some};
    auto const a = run.run(eth().vlan().ipv4().udp(tunnel_port(4789)).payload(vxlan));
    CHECK((a.why == reason::none && told_trail{a}.depth() == 4)); // a port leads to what nothing need know
    auto const b = run.run(eth().vlan().ipv4().tcp());
    CHECK((b.why == reason::other_protocol && told_trail{b}.depth() == 3));
    auto const c = run.run(eth().ipv6().udp());
    CHECK((c.why == reason::other_protocol && told_trail{c}.depth() == 1));
    CHECK(run.run(eth().vlan().vlan().vlan().vlan().ipv4()).why == reason::too_deep);
}

TEST_CASE("a visitor reads headers") {
    both run{reads};
    auto const a =
        run.run(eth()
                    .vlan(5)
                    .vlan(7)
                    .ipv4({.ttl = 9})
                    .udp(tunnel_port(4789))
                    .payload(joined(vxlan, packet{}.ethernet().ipv6({.hop_limit = 3}).udp(tunnel_port(99)))));
    CHECK((a.why == reason::none && a.number(0) == 0x5007 && a.number(1) == 0x903 && a.number(3) == 2));
    CHECK(a.number(2) == (4789ull << 16 | 99));
    CHECK(a.number(4) == 9);
}

TEST_CASE("what a visitor counts is compared") {
    both run{counts};
    auto const counted = [&](packet const &p) {
        auto const a = run.run(p);
        return std::vector<u64>{static_cast<u64>(a.verdict), a.number(0), a.number(1), a.number(2), a.number(3)};
    };
    auto const inner = [] { return packet{}.ethernet().ipv6().udp(tunnel_port(99)); };
    CHECK(counted(eth().vlan(5).vlan(7).ipv4().udp(tunnel_port(4789)).payload(joined(vxlan, inner()))) ==
          std::vector<u64>{static_cast<u64>(xdp::tx), 2, 2, 1, 14 + 4 + 4 + 20 + 8 + 8 + 14 + 40 + 8});
    CHECK(counted(eth().vlan(5).ipv4().udp(tunnel_port(4789)).payload(joined(vxlan, inner()))) ==
          std::vector<u64>{static_cast<u64>(xdp::pass), 1, 2, 1, 14 + 4 + 20 + 8 + 8 + 14 + 40 + 8});
    CHECK(counted(eth().vlan(5).vlan(6).vlan(7).ipv4().udp(tunnel_port(99))) ==
          std::vector<u64>{static_cast<u64>(xdp::aborted), 3, 1, 0, 14 + 12 + 20 + 8});
}

TEST_CASE("5000 packets that are wrong in any way: XDP, TC and the host tell the same") {
    walkers walk;
    byte_string const inner = packet{}.ethernet().vlan().ipv6().destination().udp().payload(byte_string(14));
    byte_string const seeds[] = {
        eth().vlan().ipv4({.options = byte_string(8, 1)}).tcp({.options = byte_string(12, 1)}).payload("abc"),
        eth().ipv6().hop_by_hop().routing({.data = byte_string(22)}).fragment().ah().udp().payload(byte_string(12)),
        eth().ipv4().udp(tunnel_port(4789)).payload(joined(vxlan, inner)),
        eth().ipv4().udp(tunnel_port(4790)).payload(joined({12, 0, 0, 3, 0, 0, 7, 0}, inner)),
        eth().ipv4().udp(tunnel_port(6081)).payload(joined({1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0}, inner)),
        eth().ipv4().udp(tunnel_port(6080)).payload(joined({0, 4, 0, 0}, packet{}.ipv4().icmp())),
        eth()
            .ipv4()
            .udp(tunnel_port(2152))
            .payload(joined({0x34, 255, 0, 50, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0}, packet{}.ipv6().tcp())),
        eth()
            .ipv4()
            .other(gre(0x88be, byte_string(4), 0x10), {}, u8{47})
            .payload(joined({0x10, 1, 0, 0, 0, 0, 0, 1}, inner)),
        eth().ipv4().other({0, 0, 0, 9}, {}, u8{115}).payload(inner),
        eth().other({0, 1, 2, 63, 0, 3, 1, 63}, 0x8847).ipv4().ipv4().ipv6().icmpv6({.type = 3}),
        eth().other({0x11, 0, 0, 7, 0, 30, 0, 0x57}, 0x8864).payload(packet{}.ipv6().tcp().bytes()),
        eth().other({0, 0, 0, 0, 0, 1, 8, 0}, 0x88e5).payload(packet{}.ipv4().udp().bytes()),
        eth().other({0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, 40).payload(packet{}.ipv4().tcp().bytes()),
        eth().ipv4().icmp({.type = 11}).payload(packet{}.ipv4().tcp().bytes()),
        eth().ipv6().udp(tunnel_port(443)).payload({0xc0, 0, 0, 0, 1, 4, 1, 2, 3, 4, 0}),
        eth().ipv4({.protocol = u8{132}}).payload(byte_string(40)),
        eth().ipv4({.protocol = u8{33}}).payload(byte_string(40)),
    };
    static constexpr u8 telling[] = {0,  1,  3,  4,  6,  8,  17,  33,  41,  43,  44,  45,  47,   50,   51,   58,
                                     60, 65, 88, 96, 98, 99, 100, 115, 132, 134, 136, 221, 0x45, 0x4f, 0x60, 0xff};
    std::mt19937 random{20'261'121};
    auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    u64 headers = 0, deepest = 0;
    for (u32 i = 0; i < 5000; i++) {
        auto b = seeds[i % std::size(seeds)];
        for (auto n = below(4); n-- > 0 && !b.empty();) switch (below(5)) {
            case 0: b[below(b.size())] ^= static_cast<u8>(1 << below(8)); break;
            case 1: b[below(b.size())] = telling[below(sizeof telling)]; break;
            case 2: b.resize(below(b.size() + 1)); break;
            case 3: b.resize(b.size() + below(20), 0x45); break;
            default:
                if (auto const at = below(b.size()); b.size() < 400)
                    b.insert(b.begin() + static_cast<std::ptrdiff_t>(at), b.begin(), b.begin() + 4);
            }
        auto const depth = walk.run(b).number(16);
        headers += depth;
        deepest = std::max(deepest, depth);
    }
    INFO(headers << " headers, at most " << deepest);
    CHECK(headers > 15'000);
    CHECK(deepest >= 8);
}

TEST_CASE("the verifier's work for a walk of depth 12 over all protocols is small") {
    if (!test::kernel_fault().empty()) return; // the cases above have said so
    for (auto const &file : test::object_files())
        for (auto const *const name : {"of_frame", "of_skb", "counts"}) {
            test::loaded const object{file, name};
            bpf_prog_info info{};
            auto size = static_cast<u32>(sizeof info);
            REQUIRE(bpf_obj_get_info_by_fd(object.program(), &info, &size) == 0);
            INFO(file << ": " << name);
            CHECK(info.verified_insns <= (name == std::string_view{"counts"} ? 20'000u : 5000u)); // 0 before Linux 5.16
        }
}

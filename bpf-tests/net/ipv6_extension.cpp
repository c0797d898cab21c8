// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ipv6_extension.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::answer, test::byte_string;

static_assert(header<net::ipv6_extension> && sizeof(net::ipv6_extension) == 8);
static_assert(__builtin_offsetof(net::ipv6_extension, length) == 1 &&
              __builtin_offsetof(net::ipv6_extension, offset) == 2);
static_assert(net::ipv6_extension::most == 6);

namespace {
constexpr u8 hop_by_hop = 0, routing = 43, fragment_header = 44, authentication = 51, destination = 60, mobility = 135,
             hip = 139, shim6 = 140;
constexpr u8 all_kinds[] = {hop_by_hop, routing, fragment_header, authentication, destination, mobility, hip, shim6};

/// An extension header of `units` times its unit behind the first eight bytes; a fragment header has eight.
auto add(packet &p, u8 kind, u32 units = 0) -> void {
    if (kind == fragment_header) {
        p.fragment();
        return;
    }
    test::extension_fields const f{{}, {}, byte_string(6 + units * (kind == authentication ? 4 : 8), 0)};
    switch (kind) {
    case hop_by_hop: p.hop_by_hop(f); break;
    case routing: p.routing(f); break;
    case authentication: p.ah(f); break;
    case destination: p.destination(f); break;
    case mobility: p.mobility(f); break;
    case hip: p.hip(f); break;
    default: p.shim6(f);
    }
}
/// Whether all programs that lead to TCP say so, with the right ports and payload.
struct all_ways {
    both tcp{to_tcp}, ports{to_ports}, steps{step_to_ports};

    auto accept(byte_string const &in, u64 payload) -> void {
        for (auto *const program : {&tcp, &ports, &steps}) {
            auto const a = program->run(in);
            CHECK(a.why == reason::none);
            CHECK(a.number(0) == 1234);
            CHECK(a.number(1) == 80);
            CHECK(a.number(2) == payload);
        }
    }
    auto refuse(byte_string const &in, reason why) -> void {
        for (auto *const program : {&tcp, &ports, &steps}) {
            auto const a = program->run(in);
            CHECK(a.why == why);
            for (u32 i = 0; i < 3; i++) CHECK(a.number(i) == 0);
        }
    }
    auto sweep(byte_string const &in, std::size_t needed) -> void {
        for (auto *const program : {&tcp, &ports, &steps}) program->sweep(in, needed);
    }
};
} // namespace

TEST_CASE("each kind alone, in sizes from the smallest on") {
    all_ways to;
    for (auto const kind : all_kinds)
        for (u32 units = 0; units <= 10; units++) {
            packet p;
            p.ethernet().ipv6();
            add(p, kind, units);
            INFO("kind " << int{kind} << ", " << units << " units");
            auto const needed = p.size() + 20;
            auto const in = p.tcp().payload("abc").padded(needed + 10).bytes();
            to.accept(in, 3);
            if (units < 3) to.sweep(in, needed);
        }
}

TEST_CASE("the longest of each kind") {
    all_ways to;
    for (auto const kind : all_kinds) {
        packet p;
        p.ethernet().ipv6();
        add(p, kind, 255);
        to.accept(p.tcp().payload("abc").bytes(), 3);
    }
}

TEST_CASE("all of them together are at most 2560 bytes long") {
    all_ways to;
    for (u32 units : {59u, 62u, 63u, 64u, 255u}) { // behind one of 2048 bytes
        packet p;
        p.ethernet().ipv6();
        add(p, routing, 255);
        add(p, routing, units);
        auto const in = p.tcp().payload("abc").bytes();
        if (units <= 63)
            to.accept(in, 3);
        else
            to.refuse(in, reason::too_deep);
    }
}

TEST_CASE("so they are before a later fragment") {
    all_ways to;
    for (u32 units : {63u, 64u, 255u}) { // behind one of 2048 bytes
        packet p;
        p.ethernet().ipv6();
        add(p, routing, 255);
        add(p, routing, units);
        to.refuse(p.fragment({.offset = 1}).tcp().bytes(), units == 63 ? reason::fragment : reason::too_deep);
    }
}

TEST_CASE("two of any kinds, in either order") {
    all_ways to;
    for (auto const first : all_kinds)
        for (auto const second : all_kinds) {
            packet p;
            p.ethernet().ipv6();
            add(p, first, 1);
            add(p, second, 2);
            INFO("kinds " << int{first} << ", " << int{second});
            auto const needed = p.size() + 20;
            auto const in = p.tcp().payload("abc").bytes();
            to.accept(in, 3);
            to.sweep(in, needed);
        }
}

TEST_CASE("the order that RFC 8200 recommends") {
    all_ways to;
    both icmp{to_icmp};
    packet p;
    p.ethernet().ipv6();
    for (auto const kind : {hop_by_hop, destination, routing, fragment_header, authentication, destination})
        add(p, kind);
    auto const needed = p.size();
    auto q = p;
    auto const in = p.tcp().payload("abc").padded(200).bytes();
    to.accept(in, 3);
    to.sweep(in, needed + 20);
    auto const message = q.icmpv6({.type = 135}).payload("abc").padded(200).bytes();
    auto const a = icmp.run(message);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 135);
    CHECK(a.number(2) == 3);
    icmp.sweep(message, needed + 8);
}

TEST_CASE("six are stepped over, the seventh is too deep") {
    all_ways to;
    both icmp{to_icmp};
    for (auto const kind : all_kinds) {
        packet p;
        p.ethernet().ipv6();
        for (u32 i = 0; i < 6; i++) add(p, kind);
        auto seven = p;
        add(seven, kind);
        INFO("kind " << int{kind});
        to.accept(packet{p}.tcp().payload("abc").bytes(), 3);
        to.refuse(packet{seven}.tcp().payload("abc").bytes(), reason::too_deep);
        CHECK(icmp.run(packet{p}.icmpv6()).why == reason::none);
        CHECK(icmp.run(packet{seven}.icmpv6()).why == reason::too_deep);
    }
}

TEST_CASE("a fragment header: atomic, first, later") {
    all_ways to;
    auto const part = [](u16 offset, bool more, u8 reserved = 0) {
        return packet{}
            .ethernet()
            .ipv6()
            .destination()
            .fragment({.reserved = reserved, .offset = offset, .more = more})
            .tcp()
            .payload("abc")
            .bytes();
    };
    to.accept(part(0, false), 3);
    to.accept(part(0, true), 3);
    for (u8 const reserved : {1, 2, 255}) to.accept(part(0, true, reserved), 3); // that byte is no length
    for (u16 const offset : {1, 2, 31, 32, 0x100, 0x1000, 0x1fff})
        for (bool const more : {false, true}) {
            to.refuse(part(offset, more), reason::fragment);
            to.tcp.sweep(part(offset, more), [](std::size_t length, answer const &a) {
                return a.why == (length < 70 ? reason::truncated : reason::fragment) ||
                       (length < 90 && a.why == reason::truncated);
            });
        }
    auto in = part(0, false);
    in[65] = 0x06; // the two reserved bits beside the offset
    to.accept(in, 3);
}

TEST_CASE("what follows a later fragment is not looked at") {
    all_ways to;
    to.refuse(packet{}.ethernet().ipv6().fragment({.offset = 5}).destination({.length = 200}).tcp(), reason::fragment);
}

TEST_CASE("lengths that lead out of the packet, or out of what IPv6 covers") {
    all_ways to;
    for (auto const kind : all_kinds) {
        if (kind == fragment_header) continue; // it has none
        for (u32 length = 0; length < 256; length++) {
            packet p;
            p.ethernet().ipv6({.payload_length = 208});
            add(p, kind);
            // Wherever the length leads, TCP stands there: 0x50 is a data offset.
            auto in = p.other(byte_string(2400, 0x50), {}, 6).bytes();
            in[55] = static_cast<u8>(length);
            u32 const size = kind == authentication ? (length + 2) * 4 : (length + 1) * 8;
            INFO("kind " << int{kind} << ", length " << length);
            for (auto *const program : {&to.tcp, &to.ports, &to.steps}) {
                auto const a = program->run(in);
                CHECK(a.why == (size + 20 <= 208 ? reason::none : reason::truncated));
                if (size + 20 <= 208) CHECK(a.number(2) == 208 - size - 20);
            }
        }
    }
    for (u16 covered = 0; covered <= 39; covered++) {
        auto const in = packet{}
                            .ethernet()
                            .ipv6({.payload_length = covered})
                            .hop_by_hop()
                            .destination()
                            .tcp()
                            .payload("abc")
                            .padded(120)
                            .bytes();
        for (auto *const program : {&to.tcp, &to.ports, &to.steps}) {
            auto const a = program->run(in);
            CHECK(a.why == (covered < 36 ? reason::truncated : reason::none));
            if (covered >= 36) CHECK(a.number(2) == covered - 36u);
        }
    }
}

TEST_CASE("what is no extension header is not stepped over") {
    all_ways to;
    for (u32 protocol = 0; protocol < 256; protocol++) {
        auto const p = static_cast<u8>(protocol);
        if (std::find(std::begin(all_kinds), std::end(all_kinds), p) != std::end(all_kinds) || p == 6 || p == 17)
            continue;
        to.refuse(packet{}.ethernet().ipv6().destination({.next_header = p}).tcp(), reason::other_protocol);
    }
}

TEST_CASE("in tunnels each IPv6 header has its own extension headers") {
    both inside{tunnel};
    packet p;
    p.ethernet().ipv6().hop_by_hop().destination().ipv6().routing().fragment().destination();
    auto const needed = p.size() + 8;
    auto const in = p.udp({.src = 5, .dst = 6}).payload("abc").padded(200).bytes();
    auto const a = inside.run(in);
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 5);
    CHECK(a.number(1) == 6);
    CHECK(a.number(2) == 3);
    inside.sweep(in, needed);
}

TEST_CASE("random stacks, walked once more in the plainest way") {
    all_ways to;
    std::mt19937 random{1};
    auto const below = [&](u32 n) { return static_cast<u32>(random() % n); };
    for (u32 round = 0; round < 1500; round++) {
        packet p;
        p.ethernet().ipv6();
        for (auto n = below(8); n > 0; n--) add(p, all_kinds[below(8)], below(4));
        auto in = p.tcp().payload(byte_string(below(20), 0x50)).padded(below(2) * 400).bytes();
        if (below(3) == 0) in[54 + below(static_cast<u32>(in.size()) - 54)] = static_cast<u8>(random());
        if (below(4) == 0) in.resize(14 + below(static_cast<u32>(in.size()) - 14));

        auto const byte = [&](std::size_t i) -> u32 { return in[i]; };
        reason expected = reason::truncated;
        u64 payload = 0;
        [&] {
            if (in.size() < 54) return;
            std::size_t const end = std::min<std::size_t>(in.size(), 54 + (byte(18) << 8 | byte(19)));
            std::size_t at = 54;
            u32 key = byte(20);
            for (u32 steps = 0;; steps++) {
                if (std::find(std::begin(all_kinds), std::end(all_kinds), key) == std::end(all_kinds)) break;
                if (steps == 6) {
                    expected = reason::too_deep;
                    return;
                }
                if (at + 8 > end) return;
                u32 const size = key == fragment_header  ? 8
                                 : key == authentication ? (byte(at + 1) + 2) * 4
                                                         : (byte(at + 1) + 1) * 8;
                if (key == fragment_header && (byte(at + 2) << 8 | (byte(at + 3) & 0xf8)) != 0) {
                    expected = reason::fragment;
                    return;
                }
                key = byte(at);
                at += size;
            }
            if (key != 6) {
                expected = reason::other_protocol;
                return;
            }
            if (at + 20 > end) return;
            u32 const size = byte(at + 12) >> 4 << 2;
            if (size < 20) {
                expected = reason::malformed;
                return;
            }
            if (at + size > end) return;
            expected = reason::none;
            payload = end - at - size;
        }();
        auto const a = to.tcp.run(in);
        INFO("round " << round << ", expected " << name_of(expected) << ", is " << name_of(a.why) << ", "
                      << test::hex(in));
        CHECK((a.why == reason::none) == (expected == reason::none)); // of several reasons any may be told
        if (expected == reason::none) CHECK(a.number(2) == payload);
        auto const b = to.ports.run(in), c = to.steps.run(in);
        if (expected == reason::none || a.why != reason::other_protocol) { // else it may be UDP
            CHECK((b.why == reason::none) == (expected == reason::none));
            CHECK((c.why == reason::none) == (expected == reason::none));
        }
    }
}

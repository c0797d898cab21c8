// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Packets that are wrong in any way: all sides agree, and with a plain second reading of the bytes.
#include "walk.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;
using bytes_of = test::byte_string;

namespace {
/// The transport header that a packet has, read as a textbook would.
struct reading {
    bytes_of const &b;
    std::size_t at = 0, limit; ///< where the next header starts; where the length fields end what is allowed
    u32 protocol = 0;

    explicit reading(bytes_of const &bytes) : b{bytes}, limit{std::size_t{1} << 40} {}
    auto number(std::size_t offset, std::size_t size) const -> u32 {
        u32 v = 0;
        for (std::size_t i = 0; i < size; i++) v = v << 8 | b[at + offset + i];
        return v;
    }
    auto has(std::size_t n) const -> bool { return at + n <= b.size() && at + n <= limit; }
    auto cover(std::size_t n) -> void { limit = std::min(limit, at + n); }
    auto size() const -> std::size_t { return std::min(limit, b.size()) - at; }

    auto ipv4() -> bool {
        if (!has(20) || b[at] >> 4 != 4) return false;
        std::size_t const header = (b[at] & 15u) * 4;
        if (header < 20 || (number(6, 2) & 0x1fff) != 0) return false;
        cover(number(2, 2));
        protocol = b[at + 9];
        if (!has(header)) return false;
        at += header;
        return true;
    }
    auto ipv6() -> bool {
        if (!has(40) || b[at] >> 4 != 6) return false;
        cover(40 + number(4, 2));
        protocol = b[at + 6];
        at += 40;
        for (u32 i = 0; i <= 6; i++) {
            u32 const p = protocol;
            bool const extension =
                p == 0 || p == 43 || p == 44 || p == 51 || p == 60 || p == 135 || p == 139 || p == 140;
            if (!extension) return true;
            if (i == 6 || !has(8)) return false;
            if (p == 44 && (number(2, 2) & 0xfff8) != 0) return false;
            std::size_t const length = b[at + 1];
            protocol = b[at];
            at += p == 44 ? 8 : p == 51 ? (length + 2) * 4 : (length + 1) * 8;
        }
        return false;
    }
    auto ip(u32 version) -> bool { return version == 4 ? ipv4() : ipv6(); }
    /// Leaves `at` at the payload.
    auto transport() -> bool {
        if (protocol == 17) {
            if (!has(8) || number(4, 2) < 8) return false;
            cover(number(4, 2));
            at += 8;
            return true;
        }
        if (protocol != 6 || !has(20)) return false;
        std::size_t const header = b[at + 12] / 16 * 4u;
        if (header < 20 || !has(header)) return false;
        at += header;
        return true;
    }
};

struct expected {
    u64 kind, size;
};
auto read_everything(bytes_of const &b) -> std::optional<expected> {
    reading r{b};
    if (!r.has(14)) return {};
    u32 type = r.number(12, 2), tags = 0;
    r.at = 14;
    for (; tags < 2 && (type == 0x8100 || type == 0x88a8); tags++) {
        if (!r.has(4)) return {};
        type = r.number(2, 2);
        r.at += 4;
    }
    if (type != 0x0800 && type != 0x86dd) return {};
    if (!r.ip(type == 0x0800 ? 4 : 6) || !r.transport()) return {};
    return expected{tags * 4 + (type == 0x86dd) * 2u + (r.protocol == 17), r.size()};
}
auto read_nested(bytes_of const &b) -> std::optional<expected> {
    reading r{b};
    if (!r.has(14)) return {};
    u32 const type = r.number(12, 2);
    r.at = 14;
    if (type != 0x0800 && type != 0x86dd) return {};
    if (!r.ip(type == 0x0800 ? 4 : 6)) return {};
    if (type == 0x0800 && r.protocol == 1) {
        if (!r.has(8)) return {};
        r.at += 8;
        if (!r.ipv4() || r.protocol != 17 || !r.transport()) return {};
        return expected{8, r.size()};
    }
    u32 const inner = r.protocol;
    if ((inner != 4 && inner != 41) || !r.ip(inner == 4 ? 4 : 6) || !r.transport()) return {};
    return expected{(type == 0x86dd) * 4u + (inner == 41) * 2u + (r.protocol == 17), r.size()};
}

auto seeds() -> std::vector<bytes_of> {
    auto const eth = [] { return packet{}.ethernet(); };
    bytes_of const options(12, 1);
    auto const inner = packet{}.ipv4().udp().payload("12").bytes();
    return {
        eth().ipv4().tcp().payload("GET / HTTP/1.1\r\n"),
        eth().ipv4().tcp({.src = 3}).payload("HTTP/1.1 200 OK").padded(90),
        eth().ipv4({.options = options}).tcp({.options = options}).payload("..HTTP"),
        eth().ipv4().udp({.src = 2}).payload("12345678"),
        eth().vlan(5).ipv4().udp().padded(60),
        eth().vlan(5, 0x88a8).vlan(6).ipv4({.options = options}).tcp().payload("GET x"),
        eth().ipv6().tcp({.src = 0}).payload("GET / HTTP"),
        eth().ipv6().udp({.src = 1}).payload("abcdef"),
        eth().vlan(7).ipv6().hop_by_hop().destination().udp().payload("abc").padded(120),
        eth().ipv6().hop_by_hop().routing({.data = bytes_of(22)}).fragment().ah().tcp().payload("GET "),
        eth().ipv6().mobility().hip().shim6().destination().destination().hop_by_hop().udp().payload("12"),
        eth().ipv4({.more_fragments = true}).udp().payload("123"),
        eth().ipv4().ipv4().udp().payload("12345").padded(90),
        eth().ipv4({.options = options}).ipv6().hop_by_hop().tcp().payload("12345"),
        eth().ipv6().destination().ipv4({.options = options}).tcp({.options = options}).payload("1"),
        eth().ipv6().ipv6().ah().udp().payload("123"),
        eth().ipv4().icmp({.type = 3}).payload(inner).padded(100),
        eth().ipv4({.options = options}).icmp({.type = 11}).payload(inner),
        eth().arp().padded(60),
    };
}

/// Bit flips, truncations, appended bytes, values that mean something to some header, lengths that lie.
auto mutate(bytes_of b, std::mt19937 &random) -> bytes_of {
    auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    static constexpr u8 telling[] = {0,  1,  4,  5,    6,    8,    17,   40,   41,   43,  44,
                                     45, 51, 60, 0x45, 0x4f, 0x60, 0x7f, 0x80, 0x81, 0xff};
    for (auto n = below(4) + 1; n-- > 0 && !b.empty();) switch (below(7)) {
        case 0: b[below(b.size())] ^= static_cast<u8>(1 << below(8)); break;
        case 1: b[below(b.size())] = telling[below(sizeof telling)]; break;
        case 2: b.resize(below(b.size() + 1)); break;
        case 3: b.resize(b.size() + below(20), 0xcc); break;
        case 4: // a word near to the truth: lengths are in bytes 16 to 60 of these packets
            if (b.size() > 62) {
                auto const at = 16 + below(45);
                auto const word = (b[at] << 8 | b[at + 1]) + static_cast<int>(below(65)) - 32;
                b[at] = static_cast<u8>(word >> 8), b[at + 1] = static_cast<u8>(word);
            }
            break;
        case 5: b[below(std::min<std::size_t>(b.size(), 64))] = static_cast<u8>(below(32)); break;
        default: // bytes that move: headers where others are expected
            if (auto const at = below(b.size()); b.size() < 400)
                b.insert(b.begin() + static_cast<std::ptrdiff_t>(at), 4, telling[below(sizeof telling)]);
        }
    return b;
}
} // namespace

TEST_CASE("20000 mutated packets: every side agrees, and with a plain reading") {
    both all{everything}, exact{exactly_all}, tunnels{nested};
    std::mt19937 random{20'260'101};
    auto const packets = seeds();
    u32 good = 0, good_nested = 0;
    auto const check = [&](bytes_of const &bytes) {
        auto const a = all.run(bytes), e = exact.run(bytes);
        auto const is = read_everything(bytes);
        if ((a.why == reason::none) != is.has_value() || (e.why == reason::none) != is.has_value() ||
            (is && (a.number(0) != is->kind || a.number(3) != is->size || e.number(0) != is->kind ||
                    e.number(3) != is->size)))
            FAIL("a plain reading differs: " << a << "\nexactly: " << e);
        auto const t = tunnels.run(bytes);
        auto const tunnel = read_nested(bytes);
        if ((t.why == reason::none) != tunnel.has_value() ||
            (tunnel && (t.number(0) != tunnel->kind || t.number(2) != tunnel->size)))
            FAIL("a plain reading of what is within differs: " << t);
        good += is.has_value();
        good_nested += tunnel.has_value();
    };
    for (auto const &p : packets) check(p);
    CHECK(good == 12);
    CHECK(good_nested == 6);
    for (u32 i = 0; i < 20'000; i++) check(mutate(packets[i % packets.size()], random));
    INFO(good << " and " << good_nested << " of them are still of the form");
    CHECK(good > 2000);
    CHECK(good_nested > 500);
}

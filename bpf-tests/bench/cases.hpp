// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The packets that every benchmarked program sees, and what the C anchor and the bpfxx program must make of each.
#include <linux/bpf.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {
using bytes = std::vector<std::uint8_t>;

/// What a program did: its verdict, which entry of its counter array went up by one, and the packet if it was changed.
struct outcome {
    std::uint32_t verdict = XDP_PASS;
    std::optional<std::uint32_t> counted = {};
    std::optional<bytes> changed = {};
    auto operator==(outcome const &) const -> bool = default;
};

struct test_case {
    std::string name;
    bytes packet;
    outcome anchor, program;
    std::string difference = {}; ///< why the two outcomes differ; empty where they do not
    bool timed = true;
};

inline auto operator+(bytes left, bytes const &right) -> bytes {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

namespace packet {
inline auto text(std::string_view s) -> bytes { return {s.begin(), s.end()}; }
inline auto be16(std::size_t value) -> bytes {
    return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
inline auto octet(std::size_t value) -> bytes { return {static_cast<std::uint8_t>(value)}; }

inline auto ethernet(unsigned type, bytes const &above) -> bytes {
    auto frame = bytes{0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1} + be16(type) + above;
    if (frame.size() < 60) frame.resize(60);
    return frame;
}
/// What stands between a frame's first ethertype 0x8100 or 0x88a8 and what the tag carries.
inline auto vlan(unsigned type, bytes const &above) -> bytes { return be16(0x0005) + be16(type) + above; }

struct ipv4_fields {
    unsigned fragment = 0, version = 4, options = 0; ///< flags and offset; version; bytes of options
    std::optional<unsigned> total_length = {};
};
inline auto ipv4(unsigned protocol, bytes const &above, ipv4_fields const &f = {}) -> bytes {
    auto const header = 20 + f.options;
    return octet(f.version << 4 | header / 4) + octet(0) + be16(f.total_length.value_or(header + above.size())) +
           be16(0x1234) + be16(f.fragment) + octet(64) + octet(protocol) + be16(0) + bytes{192, 0, 2, 1} +
           bytes{198, 51, 100, 7} + bytes(f.options, 1) + above;
}
inline auto ipv6(unsigned next, bytes const &above) -> bytes {
    auto const address = bytes{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return bytes{0x60, 0, 0, 0} + be16(above.size()) + octet(next) + octet(64) + address + address + above;
}
/// Hop-by-hop, routing or destination options of 8 * (1 + more) bytes.
inline auto extension(unsigned next, unsigned more, bytes const &above) -> bytes {
    return octet(next) + octet(more) + bytes{1, 4, 0, 0, 0, 0} + bytes(8 * more, 0) + above;
}
inline auto fragment(unsigned next, unsigned offset_flags, bytes const &above) -> bytes {
    return octet(next) + octet(0) + be16(offset_flags) + bytes{0, 0, 0x12, 0x34} + above;
}
inline auto tcp(unsigned source, unsigned destination, bytes const &payload, unsigned options = 0) -> bytes {
    return be16(source) + be16(destination) + bytes{0, 0, 0, 1, 0, 0, 0, 2} + octet((20 + options) / 4 << 4) +
           octet(0x18) + bytes{0x20, 0, 0, 0, 0, 0} + bytes(options, 1) + payload;
}
inline auto udp(unsigned source, unsigned destination, bytes const &payload) -> bytes {
    return be16(source) + be16(destination) + be16(8 + payload.size()) + be16(0) + payload;
}
inline auto icmp(unsigned type, unsigned code) -> bytes {
    return octet(type) + octet(code) + be16(0x1234) + bytes{0, 1, 0, 1} + text("ping ping ping ping");
}
inline auto arp() -> bytes {
    return bytes{0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2};
}
} // namespace packet

/// For the programs that drop TCP segments over IPv4 whose payload starts with "HTTP/1.1". To the strict ones it ends where
/// the IP length says, to the others where the frame does.
inline auto http_cases(bool strict) -> std::vector<test_case> {
    using namespace packet;
    auto const answer = text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    auto const hit = ipv4(6, tcp(80, 40000, answer));
    auto const drop = outcome{XDP_DROP};
    auto const pass = outcome{XDP_PASS};
    auto list = std::vector<test_case>{
        {"response", ethernet(0x0800, hit), drop, drop},
        {"vlan", ethernet(0x8100, vlan(0x0800, hit)), drop, drop},
        {"qinq", ethernet(0x88a8, vlan(0x8100, vlan(0x0800, hit))), drop, drop},
        {"ip options", ethernet(0x0800, ipv4(6, tcp(80, 40000, answer), {.options = 8})), drop, drop},
        {"tcp options", ethernet(0x0800, ipv4(6, tcp(80, 40000, answer, 12))), drop, drop},
        {"other payload", ethernet(0x0800, ipv4(6, tcp(80, 40000, text("SSH-2.0-OpenSSH_9.2\r\n")))), pass, pass},
        {"arp", ethernet(0x0806, arp()), pass, pass},
        {"udp", ethernet(0x0800, ipv4(17, udp(53, 40000, answer))), pass, pass},
        {"fragment", ethernet(0x0800, ipv4(6, tcp(80, 40000, answer), {.fragment = 0x0010})), pass, pass},
    };
    auto const checked = [&](std::string name, bytes packet, outcome anchor, outcome program, std::string why = {}) {
        list.push_back({std::move(name), std::move(packet), anchor, program, std::move(why), false});
    };
    auto const segment = tcp(80, 40000, answer);
    checked("three tags", ethernet(0x88a8, vlan(0x8100, vlan(0x8100, vlan(0x0800, hit)))), pass, pass);
    checked("first fragment", ethernet(0x0800, ipv4(6, segment, {.fragment = 0x2000})), drop, drop);
    checked("header only", ethernet(0x0800, ipv4(6, tcp(80, 40000, {}))), pass, pass);
    checked("ip version 5", ethernet(0x0800, ipv4(6, segment, {.version = 5})), drop, pass,
            "bpfxx checks the IP version, the anchor does not");
    auto const lax = strict ? pass : drop;
    checked("short ip length", ethernet(0x0800, ipv4(6, segment, {.total_length = 40})), lax, lax);
    return list;
}

/// An internet checksum, computed in full over header and payload of `size` bytes at an offset.
inline auto summed(bytes packet, std::size_t at, std::size_t field, std::uint32_t pseudo, bool zero_is_ffff) -> bytes {
    std::uint32_t sum = pseudo;
    packet[field] = packet[field + 1] = 0;
    for (std::size_t i = at; i < packet.size(); ++i) sum += (i - at) % 2 == 0 ? packet[i] * 256u : packet[i];
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    auto check = static_cast<std::uint16_t>(~sum);
    if (check == 0 && zero_is_ffff) check = 0xffff;
    packet[field] = static_cast<std::uint8_t>(check >> 8), packet[field + 1] = static_cast<std::uint8_t>(check);
    return packet;
}
/// An Ethernet frame without padding around an IPv4 packet, whose checksums are right.
inline auto with_checksums(unsigned protocol, bytes const &segment, bytes const &source,
                           packet::ipv4_fields const &f = {}) -> bytes {
    auto ip = packet::ipv4(protocol, {}, f);
    auto const header = ip.size(), length = header + segment.size();
    ip[2] = static_cast<std::uint8_t>(length >> 8), ip[3] = static_cast<std::uint8_t>(length);
    for (std::size_t i = 0; i < 4; ++i) ip[12 + i] = source[i];
    ip = summed(ip, 0, 10, 0, false);
    std::uint32_t pseudo = protocol + static_cast<std::uint32_t>(segment.size());
    for (std::size_t i = 12; i < 20; ++i) pseudo += i % 2 == 0 ? ip[i] * 256u : ip[i];
    auto const tcp = protocol == 6;
    return bytes{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1} + packet::be16(0x0800) + ip +
           summed(segment, 0, tcp ? 16 : 6, pseudo, !tcp);
}

/// The port that entity 0x1234 has, and the flow that is translated: what the maps are filled with.
inline constexpr std::uint16_t entity = 0x1234, entity_port = 6017;
inline auto inside() -> bytes { return {192, 0, 2, 1, 0x13, 0x88}; }    // 192.0.2.1:5000
inline auto outside() -> bytes { return {203, 0, 113, 9, 0x9c, 0x40}; } // 203.0.113.9:40000

/// For the programs that send a datagram to its entity's port.
inline auto remap_cases(bool strict) -> std::vector<test_case> {
    using namespace packet;
    auto const source = bytes{192, 0, 2, 1};
    auto const made = [&](unsigned port, bytes const &payload, ipv4_fields const &f = {}, bool whole = true) {
        auto frame = with_checksums(17, udp(40000, port, payload), source, f);
        auto const check = frame.size() - payload.size() - 2;
        if (!whole) frame[check] = frame[check + 1] = 0;
        return frame;
    };
    auto const body = [](unsigned tag, std::size_t size) { return be16(tag) + bytes(size - 2, 0x5a); };
    auto const to = [&](bytes const &payload, ipv4_fields const &f = {}, bool whole = true) {
        return outcome{XDP_PASS, {}, made(entity_port, payload, f, whole)};
    };
    auto const as_it_was = outcome{};
    auto list = std::vector<test_case>{
        {"hit", made(5000, body(entity, 64)), to(body(entity, 64)), to(body(entity, 64))},
        {"hit, options", made(5000, body(entity, 64), {.options = 8}), to(body(entity, 64), {.options = 8}),
         to(body(entity, 64), {.options = 8})},
        {"unknown entity", made(5000, body(7, 64)), as_it_was, as_it_was},
        {"bad size", made(5000, body(entity, 1201)), as_it_was, as_it_was},
        {"tcp", ethernet(0x0800, ipv4(6, tcp(80, 40000, body(entity, 64)))), as_it_was, as_it_was},
        {"arp", ethernet(0x0806, arp()), as_it_was, as_it_was},
    };
    auto const checked = [&](std::string name, bytes packet, outcome anchor, outcome program, std::string why = {}) {
        list.push_back({std::move(name), std::move(packet), anchor, program, std::move(why), false});
    };
    for (std::size_t const size : {4, 1200})
        checked(std::to_string(size) + " bytes", made(5000, body(entity, size)), to(body(entity, size)),
                to(body(entity, size)));
    checked("3 bytes", made(5000, body(entity, 3)), as_it_was, as_it_was);
    checked("no checksum", made(5000, body(entity, 64), {}, false), to(body(entity, 64), {}, false),
            to(body(entity, 64), {}, false));
    checked("fragment", made(5000, body(entity, 64), {.fragment = 0x2000}), as_it_was, as_it_was);
    for (auto const length : {29u, 30u}) {
        auto frame = made(5000, body(entity, 64)), moved = made(entity_port, body(entity, 64));
        frame[16] = moved[16] = 0;
        frame[17] = moved[17] = static_cast<std::uint8_t>(length);
        auto const seen = strict && length < 30 ? as_it_was : outcome{XDP_PASS, {}, moved};
        checked("ip length " + std::to_string(length), frame, seen, seen);
    }
    return list;
}

/// For the programs that translate the source of a known flow.
inline auto nat44_cases() -> std::vector<test_case> {
    using namespace packet;
    auto const body = text("what is translated, odd in number");
    auto const made = [&](unsigned protocol, bytes const &from, ipv4_fields const &f = {}) {
        auto const port = from[4] * 256u + from[5];
        auto const segment = protocol == 6 ? tcp(port, 443, body) : udp(port, 443, body);
        return with_checksums(protocol, segment, {from[0], from[1], from[2], from[3]}, f);
    };
    auto const unsummed = [&](bytes const &from) {
        auto frame = made(17, from);
        frame[40] = frame[41] = 0;
        return frame;
    };
    auto const as_it_was = outcome{};
    auto list = std::vector<test_case>{};
    auto const known = [&](std::string name, bytes const &from, bytes const &to, bool timed) {
        auto const expected = outcome{XDP_TX, {}, to};
        list.push_back({std::move(name), from, expected, expected, {}, timed});
    };
    known("tcp", made(6, inside()), made(6, outside()), true);
    known("udp", made(17, inside()), made(17, outside()), true);
    known("options", made(6, inside(), {.options = 12}), made(6, outside(), {.options = 12}), true);
    known("udp, no checksum", unsummed(inside()), unsummed(outside()), false);
    auto const other = bytes{192, 0, 2, 2, 0x13, 0x88};
    list.push_back({"unknown flow", made(6, other), as_it_was, as_it_was});
    list.push_back({"icmp", ethernet(0x0800, ipv4(1, icmp(8, 0))), as_it_was, as_it_was});
    list.push_back({"fragment", made(17, inside(), {.fragment = 0x0010}), as_it_was, as_it_was, {}, false});
    return list;
}

/// For the programs that drop TCP to port 80 over IPv4 in IPv4, in IPIP or GRE. The strict ones look at the data offset too.
inline auto nested_cases(bool strict) -> std::vector<test_case> {
    using namespace packet;
    auto const body = text("GET / HTTP/1.1\r\n\r\n");
    auto const segment = tcp(40000, 80, body);
    auto const inner = ipv4(6, segment);
    auto const drop = outcome{XDP_DROP}, pass = outcome{XDP_PASS};
    auto const gre = [](unsigned flags, bytes const &above, unsigned type = 0x0800) {
        auto size = 0u;
        for (auto const flag : {0x8000u, 0x2000u, 0x1000u}) size += (flags & flag) != 0 ? 4 : 0;
        return be16(flags) + be16(type) + bytes(size, 0x5a) + above;
    };
    auto list = std::vector<test_case>{
        {"ipip", ethernet(0x0800, ipv4(4, inner)), drop, drop},
        {"ipip, other port", ethernet(0x0800, ipv4(4, ipv4(6, tcp(40000, 443, body)))), pass, pass},
        {"ipip, options", ethernet(0x0800, ipv4(4, ipv4(6, segment, {.options = 4}), {.options = 8})), drop, drop},
        {"gre", ethernet(0x0800, ipv4(47, gre(0, inner))), drop, drop},
        {"gre, key", ethernet(0x0800, ipv4(47, gre(0x2000, inner))), drop, drop},
        {"gre, all fields", ethernet(0x0800, ipv4(47, gre(0xb000, inner))), drop, drop},
        {"tcp, no tunnel", ethernet(0x0800, inner + body), pass, pass},
        {"udp in ipip", ethernet(0x0800, ipv4(4, ipv4(17, udp(53, 80, body + body)))), pass, pass},
        {"arp", ethernet(0x0806, arp()), pass, pass},
    };
    auto const checked = [&](std::string name, bytes packet, outcome anchor, outcome program, std::string why = {}) {
        list.push_back({std::move(name), std::move(packet), anchor, program, std::move(why), false});
    };
    checked("gre version 1", ethernet(0x0800, ipv4(47, gre(0x2001, inner))), pass, pass);
    checked("gre with a route", ethernet(0x0800, ipv4(47, gre(0x4000, inner))), pass, pass);
    checked("gre of arp", ethernet(0x0800, ipv4(47, gre(0, inner, 0x0806))), pass, pass);
    checked("inner fragment", ethernet(0x0800, ipv4(4, ipv4(6, segment, {.fragment = 1}))), pass, pass);
    checked("outer fragment", ethernet(0x0800, ipv4(4, inner, {.fragment = 1})), pass, pass);
    checked("inner first fragment", ethernet(0x0800, ipv4(4, ipv4(6, segment, {.fragment = 0x2000}))), drop, drop);
    checked("inner version 5", ethernet(0x0800, ipv4(4, ipv4(6, segment, {.version = 5}))), drop, pass,
            "bpfxx checks the IP version, the anchor does not");
    auto const lax = strict ? pass : drop;
    checked("short inner length", ethernet(0x0800, ipv4(4, ipv4(6, segment, {.total_length = 39}))), lax, lax);
    checked("short outer length", ethernet(0x0800, ipv4(4, inner, {.total_length = 59})), lax, lax);
    auto offset = segment;
    offset[12] = 0x40;
    checked("data offset 4", ethernet(0x0800, ipv4(4, ipv4(6, offset))), lax, lax);
    offset[12] = 0xf0;
    checked("long data offset", ethernet(0x0800, ipv4(4, ipv4(6, offset))), lax, lax);
    return list;
}

/// For the programs that count packets by protocol and ports.
inline auto full_cases(bool strict) -> std::vector<test_case> {
    using namespace packet;
    auto const body = text("the payload of the packet, forty bytes..");
    auto const counted = [](unsigned protocol, unsigned first = 0, unsigned second = 0) {
        return outcome{XDP_PASS, (protocol ^ first >> 8 ^ second >> 8 << 3) & 0xff};
    };
    auto const segment = tcp(443, 40000, body);
    auto const datagram = udp(53, 33000, body);
    auto const echo = icmp(3, 13), echo6 = icmp(1, 4); // type and code are counted like ports
    auto const tcp_key = counted(6, 443, 40000), udp_key = counted(17, 53, 33000);
    auto const nothing = outcome{XDP_PASS};
    auto const extensions = extension(43, 0, extension(60, 0, extension(6, 1, segment)));
    auto list = std::vector<test_case>{
        {"v4 tcp", ethernet(0x0800, ipv4(6, segment)), tcp_key, tcp_key},
        {"v4 udp", ethernet(0x0800, ipv4(17, datagram)), udp_key, udp_key},
        {"v4 options", ethernet(0x0800, ipv4(6, segment, {.options = 8})), tcp_key, tcp_key},
        {"v4 icmp", ethernet(0x0800, ipv4(1, echo)), counted(1, 3 << 8, 13 << 8), counted(1, 3 << 8, 13 << 8)},
        {"vlan", ethernet(0x8100, vlan(0x0800, ipv4(6, segment))), tcp_key, tcp_key},
        {"qinq", ethernet(0x88a8, vlan(0x8100, vlan(0x0800, ipv4(6, segment)))), tcp_key, tcp_key},
        {"v4 fragment", ethernet(0x0800, ipv4(17, datagram, {.fragment = 0x0010})), counted(17), counted(17)},
        {"v6 tcp", ethernet(0x86dd, ipv6(6, segment)), tcp_key, tcp_key},
        {"v6 udp", ethernet(0x86dd, ipv6(17, datagram)), udp_key, udp_key},
        {"v6 1 extension", ethernet(0x86dd, ipv6(0, extension(6, 0, segment))), tcp_key, tcp_key},
        {"v6 3 extensions", ethernet(0x86dd, ipv6(0, extensions)), tcp_key, tcp_key},
        {"v6 icmp", ethernet(0x86dd, ipv6(58, echo6)), counted(58, 1 << 8, 4 << 8), counted(58, 1 << 8, 4 << 8)},
        {"arp", ethernet(0x0806, arp()), nothing, nothing},
    };
    auto const checked = [&](std::string name, bytes packet, outcome anchor, outcome program, std::string why = {}) {
        list.push_back({std::move(name), std::move(packet), anchor, program, std::move(why), false});
    };
    auto const drop = outcome{XDP_DROP};
    auto const cut = [](bytes packet, std::size_t size) {
        packet.resize(size);
        return packet;
    };
    checked("v6 fragment", ethernet(0x86dd, ipv6(44, fragment(17, 0x0008, body))), counted(17), counted(17));
    checked("v6 first fragment", ethernet(0x86dd, ipv6(44, fragment(17, 1, datagram))), udp_key, udp_key);
    checked("v4 cut in ip", cut(ethernet(0x0800, ipv4(6, segment)), 33), drop, drop);
    checked("v6 cut in ip", cut(ethernet(0x86dd, ipv6(6, segment)), 53), drop, drop);
    checked("v6 cut in extension", cut(ethernet(0x86dd, ipv6(0, extension(6, 0, segment))), 61), drop, drop);
    checked("v4 cut in ports", cut(ethernet(0x0800, ipv4(6, segment)), 41), drop, drop);
    checked("sctp", ethernet(0x0800, ipv4(132, segment)), counted(132), counted(132));
    checked("ip version 5", ethernet(0x0800, ipv4(6, segment, {.version = 5})), tcp_key, drop,
            "bpfxx checks the IP version, the anchor does not");
    checked("short ip length", ethernet(0x0800, ipv4(6, segment, {.total_length = 24})), strict ? drop : tcp_key, drop,
            strict ? "" : "bpfxx ends the packet where the IP length says, this anchor at the end of the frame");
    return list;
}
} // namespace bench

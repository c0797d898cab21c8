// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a trail means: each header's fields are read from the packet's bytes, with the types that the program walked with.
#include "dissect.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <bpfxx/core/reason.hpp>
#include <bpfxx/net/ports.hpp>
#include <bpfxx/user/pcap.hpp>
#include <bpfxx/user/type_name.hpp>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace dissection {
using bpfxx::u16;
using bpfxx::u32;
using bpfxx::u8;

// --- protocols by number
template <class T> struct type { using is = T; };
namespace detail {
template <class H, class Set> inline constexpr u32 number = 0;
template <class H, class First, class... More>
inline constexpr u32 number<H, bpfxx::protocols<First, More...>> =
    std::is_same_v<H, First> ? 0 : 1 + number<H, bpfxx::protocols<More...>>;
template <class Use, class... H> auto visit(u32 index, Use const &use, bpfxx::protocols<H...> *) -> void {
    u32 i = 0;
    (void)((i++ == index && (use(type<H>{}), true)) || ...);
}
} // namespace detail
template <class H> inline constexpr u32 number_of = detail::number<H, known>;
/// Calls use(type<H>) for the protocol of this number.
template <class Use> auto visit(u32 index, Use const &use) -> void {
    detail::visit(index, use, static_cast<known *>(nullptr));
}
template <class H> auto name_of(type<H>) -> std::string { return std::string{bpfxx::user::bare_type_name<H>()}; }
inline auto name_of(type<frame>) -> std::string { return "ethernet"; }
inline auto name_of(type<resolution>) -> std::string { return "arp"; }
inline auto name_of(type<tag>) -> std::string { return "vlan"; }
inline auto name_of(type<session>) -> std::string { return "l2tpv3"; }

// --- the start of a packet
/// What a capture puts before the packet, and behind it.
struct beginning {
    u32 first = 0;         // number of the protocol that the packet starts with; none of them: nothing is known of it
    u32 skipped = 0;       // bytes of the capture's own header
    char const *name = ""; // of that header
    u32 check = 0;         // bytes of the checksum behind a Wi-Fi frame

    auto is_known() const -> bool { return first < known::count; }
    /// What the capture has cut off, of a packet that was this long, it has cut from the checksum first.
    auto frame(std::span<std::byte const> captured, std::size_t original) const -> std::span<std::byte const> {
        auto const there = check - std::min<std::size_t>(check, std::max(original, captured.size()) - captured.size());
        return captured.subspan(skipped, captured.size() - skipped - there);
    }
    /// The trail of a packet that no walk can start with.
    auto untrodden(std::span<std::byte const> packet) const -> trail {
        trail t{};
        t.length = t.left = static_cast<u32>(packet.size());
        t.stop = static_cast<u8>(skipped > 0 ? bpfxx::reason::other_protocol : bpfxx::reason::truncated);
        return t;
    }
};
/// Of captures.
inline constexpr std::initializer_list<int> link_types = {
    DLT_EN10MB,    DLT_RAW,        DLT_IPV4, DLT_IPV6,       DLT_IEEE802_11, DLT_IEEE802_11_RADIO, DLT_NULL, DLT_LOOP,
    DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_PPP,  DLT_PPP_SERIAL, DLT_C_HDLC};
namespace detail {
inline constexpr u32 unknown = known::count;
inline auto word(std::span<std::byte const> bytes, std::size_t at, u32 size) -> u32 {
    u32 all = 0;
    for (u32 i = 0; i < size; i++) all = all << 8 | std::to_integer<u32>(bytes[at + i]);
    return all;
}
/// The protocol that a key leads to.
template <class Key> auto led_to(Key key) -> u32 {
    auto found = unknown;
    for (u32 i = 0; i < known::count; i++)
        dissection::visit(i, [&]<class H>(type<H>) {
            if constexpr (requires { matches(H::id, key); })
                if (found == unknown && matches(H::id, key)) found = i;
        });
    return found;
}
inline auto of_version(std::span<std::byte const> bytes) -> u32 {
    bool const six = !bytes.empty() && bytes[0] >> 4 == std::byte{6};
    return six ? number_of<net::ipv6> : number_of<net::ipv4>;
}
/// Systems have numbers of their own for IPv6.
inline auto of_family(u32 family) -> u32 {
    if (family == 2) return number_of<net::ipv4>;
    return family == 10 || family == 24 || family == 28 || family == 30 ? number_of<net::ipv6> : unknown;
}
/// Whether a frame ends with its checksum: radiotap's flags say so. They are its second field, behind a time.
inline auto check_of(std::span<std::byte const> bytes) -> u32 {
    constexpr u32 check = 4, time_is_there = 1, flags_are_there = 2, more = 0x80;
    if (bytes.size() < 8 || (std::to_integer<u32>(bytes[4]) & flags_are_there) == 0) return 0;
    std::size_t at = 8; // behind all words that say which fields there are
    while (at <= bytes.size() && (std::to_integer<u32>(bytes[at - 1]) & more) != 0) at += 4;
    if ((std::to_integer<u32>(bytes[4]) & time_is_there) != 0) at = (at + 7) / 8 * 8 + 8;
    auto const length = std::to_integer<u32>(bytes[2]) | std::to_integer<u32>(bytes[3]) << 8;
    if (at >= length || length + check > bytes.size()) return 0;
    return (std::to_integer<u32>(bytes[at]) & 0x10) != 0 ? check : 0;
}
/// What Linux has instead of a link layer, where there are several of them.
inline auto cooked(std::span<std::byte const> bytes, u32 size, u32 type_at, u32 hardware_at, char const *name)
    -> beginning {
    if (bytes.size() < size) return {unknown};
    auto const is_link = [&](u32 type) { return word(bytes, hardware_at, 2) == type; };
    if (is_link(803)) return {number_of<net::radiotap>, size, name, check_of(bytes.subspan(size))};
    if (is_link(801) || is_link(802) || is_link(824)) return {unknown, size, name}; // Wi-Fi, netlink
    auto const key = word(bytes, type_at, 2);
    if (key == 4) return {number_of<net::llc>, size, name}; // other numbers below EtherTypes are Linux's own
    return {led_to(net::no_length(net::ether_type{static_cast<u16>(key)})), size, name};
}
/// PPP as on serial lines (RFC 1662): address and control may be left out, and of the protocol a first byte of zero.
inline auto point_to_point(std::span<std::byte const> bytes) -> beginning {
    u32 const start = bytes.size() >= 2 && word(bytes, 0, 2) == 0xff03 ? 2 : 0;
    if (bytes.size() <= start) return {unknown};
    u32 const size = (bytes[start] & std::byte{1}) != std::byte{} ? 1 : 2;
    if (bytes.size() < start + size) return {unknown};
    auto const key = [&] {
        switch (word(bytes, start, size)) {
        case 0x0021: return net::ether_type{0x0800};
        case 0x0057: return net::ether_type{0x86dd};
        case 0x0281: return net::ether_type{0x8847};
        default: return net::no_ether_type;
        }
    }();
    return {led_to(key), start + size, "ppp"};
}
/// Cisco's HDLC, whose 0x8035 is a protocol of its own, to keep the line alive.
inline auto cisco_hdlc(std::span<std::byte const> bytes) -> beginning {
    if (bytes.size() < 4) return {unknown};
    auto const key = word(bytes, 2, 2);
    return {key == 0x8035 ? unknown : led_to(net::no_length(net::ether_type{static_cast<u16>(key)})), 4, "chdlc"};
}
} // namespace detail

inline auto beginning_of(int link_type, std::span<std::byte const> bytes) -> beginning {
    using namespace detail;
    switch (link_type) {
    case DLT_EN10MB: return {number_of<frame>};
    case DLT_IPV4: return {number_of<net::ipv4>};
    case DLT_IPV6: return {number_of<net::ipv6>};
    case DLT_RAW: return {of_version(bytes)};
    case DLT_IEEE802_11: return {number_of<net::ieee80211>};
    case DLT_IEEE802_11_RADIO: return {number_of<net::radiotap>, 0, "", check_of(bytes)};
    case DLT_LINUX_SLL: return cooked(bytes, 16, 14, 2, "linux_sll");
    case DLT_LINUX_SLL2: return cooked(bytes, 20, 0, 8, "linux_sll2");
    case DLT_LOOP:
        if (bytes.size() < 4) return {unknown};
        return {of_family(word(bytes, 0, 4)), 4, "loop"};
    case DLT_NULL: { // in the byte order of the machine that captured
        if (bytes.size() < 4) return {unknown};
        auto const family = word(bytes, 0, 4);
        return {of_family(family < 0x10000 ? family : __builtin_bswap32(family)), 4, "null"};
    }
    case DLT_PPP_SERIAL: // of either, as the first byte says
        if (!bytes.empty() && (bytes[0] == std::byte{0x0f} || bytes[0] == std::byte{0x8f})) return cisco_hdlc(bytes);
        return point_to_point(bytes);
    case DLT_PPP: return point_to_point(bytes);
    case DLT_C_HDLC: return cisco_hdlc(bytes);
    default: return {unknown};
    }
}
// --- what people and programs want to know of a packet
struct reading {
    struct header {
        std::string name;
        u32 offset, size;
        std::string words; // for people
    };
    struct ip {
        u32 version;
        std::string src, dst;
        u32 protocol, fragment_offset;
        bool more_fragments;
    };
    struct ports {
        u32 src, dst;
    };
    std::vector<header> layers;
    std::vector<u32> vlan;
    std::vector<ip> ips;
    std::optional<ports> innermost;
    u32 payload_offset, payload_length;
    std::string stop;
};

namespace detail {
using namespace bpfxx;

inline auto text(be32 const &a) -> std::string {
    char out[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, a.raw, out, sizeof out);
}
inline auto text(net::ip_address const &a) -> std::string {
    char out[INET6_ADDRSTRLEN];
    return inet_ntop(AF_INET6, a.raw, out, sizeof out);
}
inline auto text(net::mac_address const &a) -> std::string { return fmt::format("{:02x}", fmt::join(a.raw, ":")); }
/// Names of the bits that are set.
inline auto flags(u32 bits, std::initializer_list<char const *> names) -> std::string {
    std::string all;
    for (auto const *const name : names) {
        if ((bits & 1) != 0) all += fmt::format("{}{}", all.empty() ? "" : " ", name);
        bits >>= 1;
    }
    return all;
}
template <class H> auto port_words(H const &h) -> std::string {
    return fmt::format("{} > {}", h.source().value(), h.destination().value());
}

// --- a line about each header, for people
template <class H> auto words(H const &) -> std::string { return {}; }
inline auto words(frame const &h) -> std::string {
    return fmt::format("{} > {}, type {:#06x}", text(h.src), text(h.dst), static_cast<u16>(h.type.value()));
}
inline auto words(tag const &h) -> std::string {
    return fmt::format("id {}, priority {}{}", h.identifier(), h.priority(),
                       h.drop_eligible() ? ", drop eligible" : "");
}
inline auto words(resolution const &h) -> std::string {
    if (h.operation.value() == 3) return fmt::format("who is {}?", text(h.target_hardware));
    if (h.operation.value() == 4) return fmt::format("{} is {}", text(h.target_hardware), text(h.target_protocol));
    if (h.is_request()) return fmt::format("who has {}? asks {}", text(h.target_protocol), text(h.sender_protocol));
    if (h.is_reply()) return fmt::format("{} is at {}", text(h.sender_protocol), text(h.sender_hardware));
    return fmt::format("operation {}", h.operation.value());
}
inline auto words(net::ipv4 const &h) -> std::string {
    return fmt::format("{} > {}, protocol {}, length {}{}{}", text(h.src), text(h.dst), static_cast<u32>(h.protocol),
                       h.total_length.value(),
                       h.fragment_offset() != 0 ? fmt::format(", fragment at {}", h.fragment_offset()) : "",
                       h.more_fragments() ? ", more fragments" : "");
}
inline auto words(net::ipv6 const &h) -> std::string {
    return fmt::format("{} > {}, next header {}, payload length {}", text(h.src), text(h.dst),
                       static_cast<u32>(h.next_header), h.payload_length.value());
}
inline auto words(net::ipv6_fragment const &h) -> std::string {
    return fmt::format("id {:#010x}, at {}{}", h.identification.value(), h.fragment_offset(),
                       h.more_fragments() ? ", more fragments" : "");
}
inline auto words(net::ah const &h) -> std::string {
    return fmt::format("SPI {:#010x}, sequence {}", h.spi.value(), h.sequence.value());
}
inline auto words(net::esp const &h) -> std::string {
    return fmt::format("SPI {:#010x}, sequence {}, encrypted", h.spi.value(), h.sequence.value());
}
inline auto words(net::tcp const &h) -> std::string {
    auto const set = flags(h.flags, {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"});
    return fmt::format("{}{}{}", port_words(h), set.empty() ? "" : ", ", set);
}
inline auto words(net::udp const &h) -> std::string {
    return fmt::format("{}, length {}", port_words(h), h.length.value());
}
inline auto words(net::sctp const &h) -> std::string { return port_words(h); }
inline auto words(net::dccp const &h) -> std::string { return fmt::format("{}, type {}", port_words(h), h.type()); }
template <class H> auto message_words(H const &h) -> std::string {
    auto const kind = h.is_echo()         ? " (echo request)"
                      : h.is_echo_reply() ? " (echo reply)"
                      : h.is_error()      ? " (an error, and what caused it)"
                                          : "";
    return fmt::format("type {}, code {}{}", h.type, h.code, kind);
}
inline auto words(net::icmp const &h) -> std::string { return message_words(h); }
inline auto words(net::icmpv6 const &h) -> std::string { return message_words(h); }
inline auto words(net::igmp const &h) -> std::string {
    return fmt::format("type {:#04x}{}", h.type, h.type == 0x22 ? "" : ", group " + text(h.group));
}
inline auto words(net::mpls const &h) -> std::string {
    return fmt::format("label {}, TTL {}{}", h.label(), h.ttl(), h.bottom() ? ", bottom of the stack" : "");
}
inline auto words(pppoe const &h) -> std::string { return fmt::format("session {:#06x}", h.session_id.value()); }
inline auto words(net::llc const &h) -> std::string {
    return fmt::format("DSAP {:#04x}, SSAP {:#04x}, control {:#04x}", static_cast<u32>(h.dsap),
                       static_cast<u32>(h.ssap), h.control);
}
inline auto words(net::snap const &h) -> std::string {
    return fmt::format("OUI {:02x}{:02x}{:02x}, type {:#06x}", h.oui[0], h.oui[1], h.oui[2],
                       static_cast<u16>(h.type.value()));
}
inline auto words(net::macsec const &h) -> std::string {
    return fmt::format("packet {}{}", h.packet_number.value(), h.is_encrypted() ? ", encrypted" : "");
}
inline auto words(net::gre const &h) -> std::string {
    return fmt::format("protocol {:#06x}{}{}{}", static_cast<u16>(h.protocol.value()),
                       h.has_checksum() ? ", checksum" : "", h.has_key() ? ", key" : "",
                       h.has_sequence() ? ", sequence" : "");
}
inline auto words(net::erspan const &h) -> std::string {
    return fmt::format("session {}, VLAN {}", h.session(), h.vlan());
}
inline auto words(session const &h) -> std::string {
    return h.is_control() ? "control" : fmt::format("session {}", h.session_id.value());
}
inline auto words(net::vxlan const &h) -> std::string { return fmt::format("VNI {}", h.vni()); }
inline auto words(net::vxlan_gpe const &h) -> std::string { return fmt::format("VNI {}", h.vni()); }
inline auto words(net::geneve const &h) -> std::string { return fmt::format("VNI {}", h.vni()); }
inline auto words(net::gtp_u const &h) -> std::string {
    return fmt::format("tunnel {:#010x}, message {}", h.teid.value(), h.message_type);
}
inline auto words(net::ieee80211 const &h) -> std::string {
    return fmt::format("{} > {}{}", text(h.address2), text(h.address1), h.is_protected() ? ", encrypted" : "");
}

// --- what headers have to say to programs
template <class H> auto take(H const &h, reading &into) -> void {
    if constexpr (std::is_same_v<H, tag>)
        into.vlan.push_back(h.identifier());
    else if constexpr (std::is_same_v<H, net::ipv4>)
        into.ips.push_back(
            {4, text(h.src), text(h.dst), static_cast<u32>(h.protocol), h.fragment_offset(), h.more_fragments()});
    else if constexpr (std::is_same_v<H, net::ipv6>)
        into.ips.push_back({6, text(h.src), text(h.dst), static_cast<u32>(h.next_header), 0, false});
    else if constexpr (std::is_same_v<H, net::ipv6_fragment>) {
        if (into.ips.empty()) return;
        into.ips.back().fragment_offset = h.fragment_offset();
        into.ips.back().more_fragments = h.more_fragments();
    } else if constexpr (requires { h.source().value() + h.destination().value(); })
        into.innermost = {h.source().value(), h.destination().value()};
}
/// The IP protocol that a header says is next.
template <class H> auto protocol_behind(H const &h) -> std::optional<net::ip_proto> {
    if constexpr (requires { net::ip_proto{h.next()}; }) return h.next();
    return std::nullopt;
}
template <class H> auto header_at(std::span<std::byte const> bytes, std::size_t offset) -> std::optional<H> {
    if (offset + sizeof(H) > bytes.size()) return std::nullopt;
    H h{};
    std::memcpy(static_cast<void *>(&h), bytes.data() + offset, sizeof h);
    return h;
}
} // namespace detail

/// A packet of t.length bytes, of which these are there: fields behind them are left out.
inline auto read(trail const &t, std::span<std::byte const> bytes, beginning const &from) -> reading {
    reading r{};
    auto const why = static_cast<bpfxx::reason>(t.stop);
    if (from.skipped > 0) r.layers.push_back({from.name, 0, from.skipped, {}});
    std::optional<net::ip_proto> next;
    for (u32 i = 0; i < t.count && i < most_layers; i++) {
        auto const &l = t.layers[i];
        next.reset();
        visit(l.protocol, [&]<class H>(type<H> what) {
            auto const h = detail::header_at<H>(bytes, l.offset);
            r.layers.push_back({name_of(what), l.offset + from.skipped, l.size, h ? detail::words(*h) : ""});
            if (!h) return;
            detail::take(*h, r);
            next = detail::protocol_behind(*h);
        });
    }
    auto const length = t.length > t.offset ? std::min(t.left, t.length - t.offset) : 0;
    // A transport header that is cut short, as ICMP errors quote it, has ports all the same.
    if (why == bpfxx::reason::truncated && next && matches(net::ports::id, *next) && length >= sizeof(net::ports))
        if (auto const h = detail::header_at<net::ports>(bytes, t.offset)) detail::take(*h, r);
    bool const nothing_follows = next && *next == net::ip_proto{59}; // RFC 8200 section 4.7
    r.payload_offset = t.offset + from.skipped;
    r.payload_length = length;
    r.stop = why == bpfxx::reason::none || nothing_follows ? "end" : bpfxx::name_of(why);
    return r;
}
} // namespace dissection

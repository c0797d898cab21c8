// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Packets written down header by header. Types, lengths and checksums are right unless a field says otherwise, so a test
/// states only what it is about: packet{}.ethernet().ipv4({.ihl = 4}).tcp().payload("text").bytes().
#include <algorithm>
#include <bpfxx/core/int.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace bpfxx::test {
using byte_string = std::vector<u8>;
template <class T> using automatic = std::optional<T>; ///< computed unless it is given

inline auto text(std::string_view t) -> byte_string { return {t.begin(), t.end()}; }
inline auto joined(byte_string a, byte_string const &b) -> byte_string {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}
/// The same bytes with others from an offset on.
inline auto patched(byte_string b, std::size_t offset, byte_string const &with) -> byte_string {
    for (std::size_t i = 0; i < with.size(); i++) b.at(offset + i) = with[i];
    return b;
}

struct ethernet_fields {
    byte_string dst = {2, 0, 0, 0, 0, 2}, src = {2, 0, 0, 0, 0, 1};
    automatic<u16> type{};
};
struct vlan_fields {
    u16 tci = 0;
    u16 tag = 0x8100; ///< what the header before says: 0x88a8 for a service provider's
    automatic<u16> type{};
};
struct arp_fields {
    u16 hardware_type = 1, protocol_type = 0x0800;
    u8 hardware_length = 6, protocol_length = 4;
    u16 operation = 1;
    byte_string sender_hardware = {2, 0, 0, 0, 0, 1};
    u32 sender_protocol = 0x0a00'0001;
    byte_string target_hardware = {0, 0, 0, 0, 0, 0};
    u32 target_protocol = 0x0a00'0002;
};
struct ipv4_fields {
    u8 version = 4;
    automatic<u8> ihl{}; ///< in 4 bytes
    u8 tos = 0;
    automatic<u16> total_length{};
    u16 identification = 1;
    bool dont_fragment = false, more_fragments = false;
    u16 fragment_offset = 0; ///< in 8 bytes
    u8 ttl = 64;
    automatic<u8> protocol{};
    automatic<u16> checksum{};
    u32 src = 0x0a00'0001, dst = 0x0a00'0002; ///< 10.0.0.1, 10.0.0.2
    byte_string options{};                    ///< filled up with zeros to 4 bytes
};
struct ipv6_fields {
    u8 version = 6, traffic_class = 0;
    u32 flow_label = 0;
    automatic<u16> payload_length{};
    automatic<u8> next_header{};
    u8 hop_limit = 64;
    byte_string src = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}; ///< 2001:db8::1
    byte_string dst = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}; ///< 2001:db8::2
};
struct extension_fields {
    automatic<u8> next_header{};
    automatic<u8> length{};                ///< in 8 bytes without the first 8; AH: in 4 bytes without the first 8
    byte_string data = {1, 4, 0, 0, 0, 0}; ///< all behind these two fields, filled up with zeros
};
struct fragment_fields {
    automatic<u8> next_header{};
    u8 reserved = 0;
    u16 offset = 0; ///< in 8 bytes
    bool more = false;
    u32 identification = 1;
};
struct tcp_fields {
    u16 src = 1234, dst = 80;
    u32 seq = 1, ack = 1;
    automatic<u8> data_offset{}; ///< in 4 bytes
    u8 flags = 0x18;             ///< PSH, ACK
    u16 window = 512;
    automatic<u16> checksum{};
    u16 urgent = 0;
    byte_string options{}; ///< filled up with zeros to 4 bytes
};
struct udp_fields {
    u16 src = 1234, dst = 53;
    automatic<u16> length{}, checksum{};
};
struct icmp_fields {
    u8 type = 8, code = 0;
    automatic<u16> checksum{};
    u32 rest = 0x0001'0001;
};

/// The internet checksum of bytes behind what has been summed up, computed in the plainest way.
inline auto internet_sum(u8 const *at, std::size_t size, u64 sum = 0) -> u64 {
    for (std::size_t i = 0; i < size; i++) sum += i % 2 == 0 ? u64{at[i]} << 8 : at[i];
    return sum;
}
inline auto internet_checksum(u64 sum) -> u16 {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<u16>(~sum);
}

class packet {
    /// By which names a header before may lead to a layer.
    struct names {
        automatic<u16> ether{};
        automatic<u8> ip{};
    };
    struct layer {
        std::size_t at;
        names own;
        /// Fills in what depends on the rest: the header, the bytes from it to the end, and the names of what follows.
        std::function<void(u8 *header, std::size_t length, names const &next)> finish;
    };
    byte_string bytes_;
    std::vector<layer> layers_;
    /// Where the addresses of the innermost IP header are: checksums above cover them.
    std::size_t addresses_ = 0, addresses_size_ = 0;
    std::size_t padded_ = 0;

    static auto put16(u8 *at, u32 v) -> void { at[0] = static_cast<u8>(v >> 8), at[1] = static_cast<u8>(v); }
    auto add8(u32 v) -> void { bytes_.push_back(static_cast<u8>(v)); }
    auto add16(u32 v) -> void { add8(v >> 8), add8(v); }
    auto add32(u32 v) -> void { add16(v >> 16), add16(v); }
    auto add(byte_string const &b) -> void { bytes_.insert(bytes_.end(), b.begin(), b.end()); }
    auto fill_up(std::size_t start, std::size_t unit) -> void {
        while ((bytes_.size() - start) % unit != 0) add8(0);
    }
    template <class Finish> auto begin(names const &own, Finish const &finish) -> std::size_t {
        layers_.push_back({bytes_.size(), own, finish});
        return bytes_.size();
    }
    static auto ether(automatic<u16> const &given, names const &next) -> u16 {
        return given.value_or(next.ether.value_or(0x88b5)); // for local experiments
    }
    static auto proto(automatic<u8> const &given, names const &next) -> u8 {
        return given.value_or(next.ip.value_or(253)); // for experiments
    }
    /// A checksum over a header, all behind it, and the addresses of the IP header below.
    static auto transport(u8 const *header, std::size_t length, u8 protocol, std::size_t back, std::size_t size)
        -> u16 {
        auto sum = size == 0 ? 0 : internet_sum(header - back, size) + protocol + (length & 0xffff) + (length >> 16);
        return internet_checksum(internet_sum(header, length, sum));
    }
    auto extension(u8 protocol, extension_fields const &f, std::size_t unit) -> packet & {
        auto const start = begin({{}, protocol}, [f](u8 *header, std::size_t, names const &next) {
            header[0] = proto(f.next_header, next);
        });
        add8(0), add8(0), add(f.data), fill_up(start, unit);
        while (bytes_.size() - start < 8) add8(0);
        bytes_[start + 1] = f.length.value_or(static_cast<u8>((bytes_.size() - start - 8) / unit));
        return *this;
    }

  public:
    auto ethernet(ethernet_fields const &f = {}) -> packet & {
        begin({0x6558, {}},
              [f](u8 *header, std::size_t, names const &next) { put16(header + 12, ether(f.type, next)); });
        add(f.dst), add(f.src), add16(0);
        return *this;
    }
    auto vlan(vlan_fields const &f) -> packet & {
        begin({f.tag, {}}, [f](u8 *header, std::size_t, names const &next) { put16(header + 2, ether(f.type, next)); });
        add16(f.tci), add16(0);
        return *this;
    }
    auto vlan(u16 tci = 0, u16 tag = 0x8100) -> packet & { return vlan(vlan_fields{tci, tag}); }
    auto arp(arp_fields const &f = {}) -> packet & {
        begin({0x0806, {}}, [](u8 *, std::size_t, names const &) {});
        add16(f.hardware_type), add16(f.protocol_type), add8(f.hardware_length), add8(f.protocol_length);
        add16(f.operation), add(f.sender_hardware), add32(f.sender_protocol);
        add(f.target_hardware), add32(f.target_protocol);
        return *this;
    }
    auto ipv4(ipv4_fields const &f = {}) -> packet & {
        auto const start = begin({0x0800, 4}, [f](u8 *header, std::size_t length, names const &next) {
            auto const size = 20 + (f.options.size() + 3) / 4 * 4;
            put16(header + 2, f.total_length.value_or(static_cast<u16>(length)));
            header[9] = proto(f.protocol, next);
            put16(header + 10, f.checksum.value_or(internet_checksum(internet_sum(header, size))));
        });
        auto const ihl = f.ihl.value_or(static_cast<u8>(5 + (f.options.size() + 3) / 4));
        add8(static_cast<u32>(f.version << 4) | ihl), add8(f.tos), add16(0), add16(f.identification);
        add16((f.dont_fragment ? 0x4000u : 0) | (f.more_fragments ? 0x2000u : 0) | f.fragment_offset);
        add8(f.ttl), add8(0), add16(0), add32(f.src), add32(f.dst), add(f.options), fill_up(start, 4);
        addresses_ = start + 12, addresses_size_ = 8;
        return *this;
    }
    auto ipv6(ipv6_fields const &f = {}) -> packet & {
        auto const start = begin({0x86dd, 41}, [f](u8 *header, std::size_t length, names const &next) {
            put16(header + 4, f.payload_length.value_or(static_cast<u16>(length - 40)));
            header[6] = proto(f.next_header, next);
        });
        add32(static_cast<u32>(f.version) << 28 | static_cast<u32>(f.traffic_class) << 20 | f.flow_label);
        add16(0), add8(0), add8(f.hop_limit), add(f.src), add(f.dst);
        addresses_ = start + 8, addresses_size_ = 32;
        return *this;
    }
    auto hop_by_hop(extension_fields const &f = {}) -> packet & { return extension(0, f, 8); }
    auto routing(extension_fields const &f = {}) -> packet & { return extension(43, f, 8); }
    auto destination(extension_fields const &f = {}) -> packet & { return extension(60, f, 8); }
    auto mobility(extension_fields const &f = {}) -> packet & { return extension(135, f, 8); }
    auto hip(extension_fields const &f = {}) -> packet & { return extension(139, f, 8); }
    auto shim6(extension_fields const &f = {}) -> packet & { return extension(140, f, 8); }
    auto ah(extension_fields const &f = {{}, {}, byte_string(10)}) -> packet & { return extension(51, f, 4); }
    auto fragment(fragment_fields const &f = {}) -> packet & {
        begin({{}, 44}, [f](u8 *header, std::size_t, names const &next) { header[0] = proto(f.next_header, next); });
        add8(0), add8(f.reserved), add16(static_cast<u32>(f.offset << 3) | (f.more ? 1u : 0)), add32(f.identification);
        return *this;
    }
    auto tcp(tcp_fields const &f = {}) -> packet & {
        auto const back = bytes_.size() - addresses_, size = addresses_size_;
        auto const start = begin({{}, 6}, [f, back, size](u8 *header, std::size_t length, names const &) {
            put16(header + 16, f.checksum.value_or(transport(header, length, 6, back, size)));
        });
        add16(f.src), add16(f.dst), add32(f.seq), add32(f.ack);
        add8(static_cast<u32>(f.data_offset.value_or(static_cast<u8>(5 + (f.options.size() + 3) / 4)) << 4));
        add8(f.flags), add16(f.window), add16(0), add16(f.urgent), add(f.options), fill_up(start, 4);
        return *this;
    }
    auto udp(udp_fields const &f = {}) -> packet & {
        auto const back = bytes_.size() - addresses_, size = addresses_size_;
        begin({{}, 17}, [f, back, size](u8 *header, std::size_t length, names const &) {
            put16(header + 4, f.length.value_or(static_cast<u16>(length)));
            auto const sum = transport(header, length, 17, back, size);
            put16(header + 6, f.checksum.value_or(sum == 0 ? 0xffff : sum));
        });
        add16(f.src), add16(f.dst), add16(0), add16(0);
        return *this;
    }
    auto icmp(icmp_fields const &f = {}) -> packet & {
        begin({{}, 1}, [f](u8 *header, std::size_t length, names const &) {
            put16(header + 2, f.checksum.value_or(transport(header, length, 1, 0, 0)));
        });
        add8(f.type), add8(f.code), add16(0), add32(f.rest);
        return *this;
    }
    auto icmpv6(icmp_fields const &f = {128}) -> packet & {
        auto const back = bytes_.size() - addresses_, size = addresses_size_;
        begin({{}, 58}, [f, back, size](u8 *header, std::size_t length, names const &) {
            put16(header + 2, f.checksum.value_or(transport(header, length, 58, back, size)));
        });
        add8(f.type), add8(f.code), add16(0), add32(f.rest);
        return *this;
    }
    /// Bytes that belong to the innermost header: lengths and checksums cover them.
    auto payload(byte_string const &b) -> packet & {
        add(b);
        return *this;
    }
    auto payload(std::string_view t) -> packet & { return payload(test::text(t)); }
    /// Any other header, with the names by which the header before leads to it.
    auto other(byte_string const &b, automatic<u16> ether_type = {}, automatic<u8> ip_proto = {}) -> packet & {
        begin({ether_type, ip_proto}, [](u8 *, std::size_t, names const &) {});
        return payload(b);
    }
    /// Zeros up to this size that no length field covers, as Ethernet has them.
    auto padded(std::size_t size = 60) -> packet & {
        padded_ = size;
        return *this;
    }

    /// Bytes so far: where the next header starts.
    auto size() const -> std::size_t { return bytes_.size(); }
    auto bytes() const -> byte_string {
        auto out = bytes_;
        for (auto i = layers_.size(); i-- > 0;) // checksums cover finished bytes
            layers_[i].finish(out.data() + layers_[i].at, out.size() - layers_[i].at,
                              i + 1 < layers_.size() ? layers_[i + 1].own : names{});
        out.resize(std::max(out.size(), padded_));
        return out;
    }
    operator byte_string() const { return bytes(); }
};
} // namespace bpfxx::test

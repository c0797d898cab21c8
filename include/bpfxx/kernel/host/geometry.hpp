// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Helpers that change a packet's size, with the kernel's answers (Linux 6.18) to a packet that BPF_PROG_TEST_RUN has made.
/// Each change moves the packet to other memory, so that a sanitizer sees who still uses the old one.
#include <algorithm>
#include <bpfxx/kernel/host/context.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <linux/bpf.h>

namespace bpfxx::host {
inline constexpr i64 not_supported = -524; // ENOTSUPP, which no header of user space has

/// The packet in memory that ends where it ends, and starts at an odd address. The first `meta` bytes lie before it.
template <class Context> auto move_to(Context &c, u8 const *from, std::size_t size, std::size_t meta) -> void {
    auto fresh = std::make_unique<u8[]>(size + 1);
    if (size != 0) std::memcpy(fresh.get() + 1, from, size);
    c.data_meta = fresh.get() + 1;
    c.data = c.data_meta + meta;
    c.data_end = c.data_meta + size;
    c.own = std::move(fresh);
}

// --- XDP: one page, with 256 bytes before the packet and what the kernel keeps for itself behind it
inline constexpr std::size_t page = 4096 - 320;
inline constexpr std::size_t frame_description = 40; // in the first bytes of the room

/// The packet becomes these bytes of its room.
inline auto change(xdp::context &c, i64 start, i64 size, i64 meta, std::size_t zeros = 0) -> void {
    auto const was = static_cast<std::size_t>(c.data_end - c.data);
    auto const meta_was = static_cast<std::size_t>(c.data - c.data_meta);
    if (c.room.empty()) c.room.resize(std::max(page, c.start + was));
    std::memcpy(c.room.data() + c.start - meta_was, c.data_meta, meta_was + was);
    if (start != static_cast<i64>(c.start)) // the metadata move along
        std::memmove(c.room.data() + start - meta, c.room.data() + c.start - meta_was, meta_was);
    c.start = static_cast<std::size_t>(start);
    std::memset(c.room.data() + c.start + static_cast<std::size_t>(size) - zeros, 0, zeros);
    move_to(c, c.room.data() + start - meta, static_cast<std::size_t>(meta + size), static_cast<std::size_t>(meta));
}

// --- skb
inline auto network_type(u16 type) -> u32 { return network_order(type); }
inline constexpr std::size_t most_bytes = 16384 - 320;

inline auto replace(skb::context &c, std::vector<u8> const &bytes) -> void {
    move_to(c, bytes.data(), bytes.size(), 0);
    c.len = static_cast<u32>(bytes.size());
}
inline auto bytes_of(skb::context const &c) -> std::vector<u8> { return {c.data, c.data_end}; }
inline auto insert(skb::context &c, std::size_t at, std::size_t zeros) -> void {
    auto all = bytes_of(c);
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), zeros, 0);
    replace(c, all);
}
inline auto remove(skb::context &c, std::size_t at, std::size_t count) -> void {
    auto all = bytes_of(c);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(at), all.begin() + static_cast<std::ptrdiff_t>(at + count));
    replace(c, all);
}
inline auto is_tag(u32 type) -> bool { return type == network_type(0x8100) || type == network_type(0x88a8); }
/// Whether there are the bytes of a frame with a tag.
inline auto has_tag(skb::context const &c) -> bool { return c.data_end - c.data >= 18; }
/// The tag in the bytes of the packet: its TCI.
inline auto take_tag(skb::context &c) -> u32 {
    auto const tci = network_order(load<u16>(c.data + 14));
    remove(c, 12, 4);
    c.protocol = skb::type_of(c.data, c.data_end);
    return tci;
}
} // namespace bpfxx::host

namespace bpfxx::helper {
inline auto xdp_adjust_head(xdp::context *c, int delta) -> i64 {
    auto const meta = c->data - c->data_meta, size = c->data_end - c->data;
    auto const start = static_cast<i64>(c->start) + delta;
    if (start < static_cast<i64>(host::frame_description) + meta || size - delta < 14) return -EINVAL;
    host::change(*c, start, size - delta, meta);
    return 0;
}
inline auto xdp_adjust_tail(xdp::context *c, int delta) -> i64 {
    auto const size = c->data_end - c->data;
    auto const end = static_cast<i64>(c->start) + size + delta;
    if (end > static_cast<i64>(host::page) || size + delta < 14) return -EINVAL;
    host::change(*c, static_cast<i64>(c->start), size + delta, c->data - c->data_meta,
                 delta > 0 ? static_cast<std::size_t>(delta) : 0);
    return 0;
}
inline auto xdp_adjust_meta(xdp::context *c, int delta) -> i64 {
    auto const meta = (c->data - c->data_meta) - i64{delta};
    if (meta < 0 || static_cast<i64>(c->start) - meta < static_cast<i64>(host::frame_description)) return -EINVAL;
    if (meta % 4 != 0 || meta > 252) return -EACCES;
    host::change(*c, static_cast<i64>(c->start), c->data_end - c->data, meta);
    return 0;
}

inline auto skb_adjust_room(skb::context *c, i32 difference, u32 mode, u64 flags) -> i64 {
    using host::network_type;
    constexpr u64 decap_ipv4 = 1u << 7, decap_ipv6 = 1u << 8;
    constexpr u64 encap_ip = BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L3_IPV6;
    constexpr u64 encap_other = BPF_F_ADJ_ROOM_ENCAP_L4_GRE | BPF_F_ADJ_ROOM_ENCAP_L4_UDP |
                                BPF_F_ADJ_ROOM_ENCAP_L2_ETH | BPF_F_ADJ_ROOM_ENCAP_L2(BPF_ADJ_ROOM_ENCAP_L2_MASK);
    constexpr u64 encap = encap_ip | encap_other, decap = decap_ipv4 | decap_ipv6;
    constexpr u64 any = BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_NO_CSUM_RESET;
    if ((flags & ~(encap | decap | any)) != 0) return -EINVAL;
    auto const size = static_cast<u32>(std::abs(difference));
    auto const shrink = difference < 0;
    if (size > 0xfff) return -EFAULT;
    auto const ipv4 = c->protocol == network_type(0x0800), ipv6 = c->protocol == network_type(0x86dd);
    if (!ipv4 && !ipv6) return host::not_supported;
    u32 const base = ipv4 ? 20 : 40;
    if (mode != BPF_ADJ_ROOM_NET && mode != BPF_ADJ_ROOM_MAC) return host::not_supported;
    auto const at = c->link_size + (mode == BPF_ADJ_ROOM_NET ? base : 0);
    auto least = base;
    if ((flags & decap) != 0) {
        if (!shrink || (flags & decap) == decap) return -EINVAL;
        least = (flags & decap_ipv4) != 0 ? 20 : 40;
    }
    auto const now = c->len - static_cast<u32>(c->link_size);
    if (shrink && (size >= now || now - size < least)) return host::not_supported;
    if (!shrink && c->len + size > host::most_bytes) return host::not_supported;
    if (shrink) {
        if ((flags & ~(any | decap)) != 0) return -EINVAL;
        host::remove(*c, at, size);
        if ((flags & decap_ipv6) != 0) c->protocol = network_type(0x86dd);
        if ((flags & decap_ipv4) != 0) c->protocol = network_type(0x0800);
        return 0;
    }
    auto const link = static_cast<u32>(flags >> BPF_ADJ_ROOM_ENCAP_L2_SHIFT & BPF_ADJ_ROOM_ENCAP_L2_MASK);
    if ((flags & encap_ip) != 0) {
        if ((flags & encap_ip) == encap_ip) return -EINVAL;
        if ((flags & BPF_F_ADJ_ROOM_ENCAP_L4_GRE) != 0 && (flags & BPF_F_ADJ_ROOM_ENCAP_L4_UDP) != 0) return -EINVAL;
        if ((flags & BPF_F_ADJ_ROOM_ENCAP_L2_ETH) != 0 && link < 14) return -EINVAL;
        if (c->encapsulated) return -EALREADY;
        if (link > size) return -EINVAL;
        c->encapsulated = true;
        c->protocol = network_type((flags & BPF_F_ADJ_ROOM_ENCAP_L3_IPV4) != 0 ? 0x0800 : 0x86dd);
    }
    host::insert(*c, at, size);
    return 0;
}
inline auto skb_change_head(skb::context *c, u32 size, u64 flags) -> i64 {
    if (flags != 0 || c->len + u64{size} > host::most_bytes) return -EINVAL;
    host::insert(*c, 0, size);
    c->link_size += size;
    c->pushed += size;
    return 0;
}
inline auto skb_change_tail(skb::context *c, u32 size, u64 flags) -> i64 {
    // A kernel that had to make room before the packet takes a place in it for that of the transport header.
    auto const least = c->pushed > 65 ? c->pushed - 65 : c->link_size;
    if (flags != 0 || size > host::most_bytes || size < least) return -EINVAL;
    if (c->encapsulated) return host::not_supported; // its tail is for the inner packet to say
    auto all = host::bytes_of(*c);
    all.resize(size);
    host::replace(*c, all);
    return 0;
}
inline auto skb_change_proto(skb::context *c, u16 type, u64 flags) -> i64 {
    using host::network_type;
    if (flags != 0) return -EINVAL;
    if (c->protocol == network_type(0x0800) && type == network_type(0x86dd))
        host::insert(*c, c->link_size, 20);
    else if (c->protocol == network_type(0x86dd) && type == network_type(0x0800))
        host::remove(*c, c->link_size, 20);
    else
        return host::not_supported;
    c->protocol = type;
    return 0;
}
inline auto skb_vlan_push(skb::context *c, u16 type, u16 tci) -> i64 {
    if (c->vlan_present != 0) { // the tag that was there goes into the bytes
        host::insert(*c, 12, 4);
        store(c->data + 12, static_cast<u16>(c->vlan_proto));
        store(c->data + 14, network_order(static_cast<u16>(c->vlan_tci)));
        c->protocol = c->vlan_proto;
    }
    c->vlan_present = 1;
    c->vlan_tci = tci;
    c->vlan_proto = host::is_tag(type) ? type : host::network_type(0x8100);
    return 0;
}
inline auto skb_vlan_pop(skb::context *c) -> i64 {
    if (c->vlan_present != 0)
        c->vlan_present = c->vlan_tci = 0;
    else if (!host::is_tag(c->protocol))
        return 0;
    else if (!host::has_tag(*c))
        return -ENOMEM;
    else
        host::take_tag(*c);
    if (!host::is_tag(c->protocol)) return 0;
    if (!host::has_tag(*c)) return -ENOMEM;
    c->vlan_proto = c->protocol; // the next tag leaves the bytes
    c->vlan_tci = host::take_tag(*c);
    c->vlan_present = 1;
    return 0;
}
} // namespace bpfxx::helper

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// GRE header, version 0 (RFC 2784, 2890). Source routes (RFC 1701) and version 1 of PPTP (RFC 2637) are malformed here.
struct gre {
    static constexpr auto id = ip_proto{47};
    static constexpr auto kind = outer_kind::gre;
    u8 flags = 0, version = 0;
    be<ether_type> protocol{};

    BPFXX_INLINE constexpr auto valid() const -> bool {
        if (__builtin_is_constant_evaluated()) return ((flags & 0x40) | (version & 7)) == 0;
        return (load<u16>(&flags) & be16{0x4007}.wire()) == 0;
    }
    /// Four bytes each, in this order: checksum, key, sequence number.
    BPFXX_INLINE constexpr auto options() const -> u64 {
        constexpr auto sizes = 0xc884'c884'8440'8440u; // four bits for each value of the flags' upper four
        return sizes >> (flags >> 2 & 0x3c) & 12;
    }
    BPFXX_INLINE constexpr auto next() const { return protocol; }
    /// ERSPAN of type I has no header of its own.
    BPFXX_INLINE constexpr auto next_of_walk() const -> ether_type {
        bool const is_mirror = protocol == ether_type{0x88be} && !has_sequence();
        return is_mirror ? ether_type{0x6558} : no_length(protocol.value());
    }
    BPFXX_INLINE constexpr auto lead_to(ether_type t) -> void { protocol = be{t}; }
    /// A header with a key, to be put before a packet.
    BPFXX_INLINE static constexpr auto with_key(u32 key);

    BPFXX_INLINE constexpr auto has_checksum() const -> bool { return (flags & 0x80) != 0; }
    BPFXX_INLINE constexpr auto has_key() const -> bool { return (flags & 0x20) != 0; }
    BPFXX_INLINE constexpr auto has_sequence() const -> bool { return (flags & 0x10) != 0; }
};
static_assert(header<gre> && sizeof(gre) == 4);
BPFXX_INLINE constexpr auto gre::with_key(u32 key) { return with_options<gre, be32>{{.flags = 0x20}, be32{key}}; }

/// Fields that the flags say are there, or not_found.
BPFXX_INLINE auto checksum_of(layer<gre> const &tunnel) -> result<be16> {
    if (!tunnel->has_checksum()) return reason::not_found;
    return tunnel.options().read<be16>();
}
BPFXX_INLINE auto key_of(layer<gre> const &tunnel) -> result<be32> {
    if (!tunnel->has_key()) return reason::not_found;
    return tunnel.options().read<be32>((tunnel->flags >> 7) * 4u);
}
BPFXX_INLINE auto sequence_of(layer<gre> const &tunnel) -> result<be32> {
    if (!tunnel->has_sequence()) return reason::not_found;
    return tunnel.options().read<be32>(static_cast<u32>(tunnel->options()) - 4);
}
} // namespace bpfxx::net

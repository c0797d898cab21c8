// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/cursor.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// MACsec tag (IEEE 802.1AE SecTAG). options() is the SCI, where it is stated. What is only signed can be read: its
/// EtherType comes first in payload(), and the signature last, unless the frame is a short one.
struct macsec {
    static constexpr auto id = ether_type{0x88e5};
    using extension = macsec;
    u8 tci_an; // version 1, end station 1, SCI 1, broadcast 1, encrypted 1, changed 1, association number 2 bits
    u8 short_length;
    be32 packet_number;

    /// An end station, or a single copy of broadcast, implies its SCI.
    BPFXX_INLINE constexpr auto valid() const -> bool {
        return (tci_an & 0x80) == 0 && (short_length & 0xc0) == 0 && (!has_sci() || (tci_an & 0x50) == 0);
    }
    BPFXX_INLINE constexpr auto options() const -> u64 { return tci_an >> 2 & 8u; }
    BPFXX_INLINE constexpr auto next() const -> ether_type { return is_readable() ? ether_type{} : no_ether_type; }
    /// A length is stated where less than 48 bytes are secured.
    BPFXX_INLINE constexpr auto covers() const -> u32 {
        auto const tag = static_cast<u32>(sizeof(macsec) + options());
        return short_length == 0 ? static_cast<u32>(unlimited) : tag + short_length;
    }
    /// Takes the EtherType that stands behind the tag.
    template <u32 Offset, class Expected>
    BPFXX_INLINE static auto skip(cursor &here, ether_type &key, u32, auto const &move) -> reason {
        if (key == no_ether_type) return reason::none;
        if (!here.holds(Offset + 2)) return reason::truncated;
        key = reinterpret_cast<be<ether_type> const *>(here.at + Offset)->value();
        move(2);
        return reason::none;
    }

    BPFXX_INLINE constexpr auto has_sci() const -> bool { return (tci_an & 0x20) != 0; }
    BPFXX_INLINE constexpr auto is_encrypted() const -> bool { return (tci_an & 0x08) != 0; }
    BPFXX_INLINE constexpr auto is_readable() const -> bool { return (tci_an & 0x0c) == 0; }
    BPFXX_INLINE constexpr auto association() const -> u8 { return tci_an & 3; }
};
static_assert(header<macsec> && sizeof(macsec) == 6);
} // namespace bpfxx::net

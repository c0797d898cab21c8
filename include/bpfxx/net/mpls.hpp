// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/cursor.hpp>
#include <bpfxx/net/ip_version.hpp>

namespace bpfxx::net {
/// One entry of an MPLS label stack (RFC 3032): up_to<4, mpls> for a stack. Nothing says what the last entry carries; as
/// routers do, it is taken for the IP whose version stands there. In IP without GRE it has a number of its own (RFC 4023).
struct mpls {
    static constexpr auto id = one_of{ether_type{0x8847}, ether_type{0x8848}, ip_proto{137}};
    using extension = mpls;
    be32 entry{}; // label 20, traffic class 3, bottom of stack 1, time to live 8 bits

    BPFXX_INLINE constexpr auto next() const -> ether_type { return bottom() ? no_ether_type : ether_type{0x8847}; }
    /// Only another entry follows one that is not the last.
    BPFXX_INLINE constexpr auto lead_to(ether_type t) -> void {
        entry = be32{(entry.value() & ~0x100u) | (t == ether_type{0x8847} ? 0 : 0x100)};
    }
    /// Looks at the byte behind the last entry.
    template <u32 Offset, class Expected>
    BPFXX_INLINE static auto skip(cursor &here, ether_type &key, u32, auto const &) -> reason {
        if (key != no_ether_type) return reason::none;
        if (!here.holds(Offset + 1)) return reason::truncated;
        key = ip_version(here.at[Offset]);
        return reason::none;
    }

    /// An entry with this label.
    BPFXX_INLINE static constexpr auto of(u32 label, u8 ttl = 64) -> mpls { return {be32{label << 12 | ttl}}; }
    BPFXX_INLINE constexpr auto label() const -> u32 { return entry.value() >> 12; }
    BPFXX_INLINE constexpr auto traffic_class() const -> u8 { return static_cast<u8>(entry.value() >> 9 & 7); }
    BPFXX_INLINE constexpr auto bottom() const -> bool { return (entry.raw[2] & 1) != 0; }
    BPFXX_INLINE constexpr auto ttl() const -> u8 { return entry.raw[3]; }
};
static_assert(header<mpls> && sizeof(mpls) == 4);
} // namespace bpfxx::net

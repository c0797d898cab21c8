// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// GUE header, variant 0 (draft-ietf-intarea-gue). Its optional fields lie behind the struct. Variant 1, where an IP packet
/// follows UDP without a header between, is malformed here.
struct gue {
    static constexpr auto id = udp_port{6080};
    u8 variant_length = 0, protocol_type = 0;
    be16 flags{};

    BPFXX_INLINE constexpr auto valid() const -> bool { return variant_length >> 6 == 0; }
    BPFXX_INLINE constexpr auto options() const -> u64 { return (variant_length & 0x1fu) * u64{4}; }
    /// Of a control message the number is the type of the message.
    BPFXX_INLINE constexpr auto next() const -> ip_proto {
        return is_control() ? no_ip_proto : ip_proto{protocol_type};
    }

    BPFXX_INLINE constexpr auto lead_to(ip_proto p) -> void { protocol_type = static_cast<u8>(p); }
    BPFXX_INLINE constexpr auto complete(carried const &c) -> void {
        variant_length = static_cast<u8>((variant_length & 0x20) + c.options / 4);
    }

    BPFXX_INLINE constexpr auto is_control() const -> bool { return (variant_length & 0x20) != 0; }
};
static_assert(header<gue> && sizeof(gue) == 4);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// ICMPv6 header (RFC 4443). An error leads to the packet that it quotes, as much of it as fits into 1280 bytes.
struct icmpv6 {
    static constexpr auto id = ip_proto{58};
    u8 type = 0, code = 0;
    be16 checksum{};
    be32 rest{}; // what it is depends on the type

    using sum = summed<&icmpv6::checksum, sum_over::pseudo>;
    using identifier_field = bits<&icmpv6::rest, 16, 16>; // of echoes
    using sequence_field = bits<&icmpv6::rest, 0, 16>;    // of echoes

    /// Over the message, addresses and what it carries.
    BPFXX_INLINE auto seal(bpfxx::checksum sum, bpfxx::checksum const &behind) -> void {
        checksum = be16{};
        checksum.put(sum.add(behind).add(*this).value());
    }
    BPFXX_INLINE constexpr auto next() const { return is_error() ? quoted_ip{6} : quoted_ip{}; }
    BPFXX_INLINE constexpr auto lead_to(quoted_ip) -> void {} // its type says whether it quotes a packet

    /// Whether the payload quotes the packet that caused it: types below 128.
    BPFXX_INLINE constexpr auto is_error() const -> bool { return type < 128; }
    BPFXX_INLINE constexpr auto is_echo() const -> bool { return type == 128; }
    BPFXX_INLINE constexpr auto is_echo_reply() const -> bool { return type == 129; }
    BPFXX_INLINE constexpr auto identifier() const -> u16 { return static_cast<u16>(rest.value() >> 16); } // of echoes
    BPFXX_INLINE constexpr auto sequence() const -> u16 { return static_cast<u16>(rest.value()); }         // of echoes
};
static_assert(header<icmpv6> && sizeof(icmpv6) == 8);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// ICMP header (RFC 792). An error leads to the packet that it quotes: its IP header, and at least 8 bytes behind that. So
/// `ports` can stand there always, `tcp` only where more is quoted.
struct icmp {
    static constexpr auto id = ip_proto{1};
    u8 type = 0, code = 0;
    be16 checksum{};
    be32 rest{}; // what it is depends on the type

    using sum = summed<&icmp::checksum, sum_over::payload>;
    using identifier_field = bits<&icmp::rest, 16, 16>; // of echoes
    using sequence_field = bits<&icmp::rest, 0, 16>;    // of echoes

    /// Over the message and what it carries.
    BPFXX_INLINE auto seal(bpfxx::checksum const &, bpfxx::checksum const &behind) -> void {
        checksum = be16{};
        checksum.put(bpfxx::checksum{}.add(behind).add(*this).value());
    }
    BPFXX_INLINE constexpr auto next() const { return is_error() ? quoted_ip{4} : quoted_ip{}; }
    BPFXX_INLINE constexpr auto lead_to(quoted_ip) -> void {} // its type says whether it quotes a packet

    /// Whether the payload quotes the packet that caused it: unreachable, source quench, redirect, time exceeded, parameter.
    BPFXX_INLINE constexpr auto is_error() const -> bool {
        return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    }
    BPFXX_INLINE constexpr auto is_echo() const -> bool { return type == 8; }
    BPFXX_INLINE constexpr auto is_echo_reply() const -> bool { return type == 0; }
    BPFXX_INLINE constexpr auto identifier() const -> u16 { return static_cast<u16>(rest.value() >> 16); } // of echoes
    BPFXX_INLINE constexpr auto sequence() const -> u16 { return static_cast<u16>(rest.value()); }         // of echoes
};
static_assert(header<icmp> && sizeof(icmp) == 8);
} // namespace bpfxx::net

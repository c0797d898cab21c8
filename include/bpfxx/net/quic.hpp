// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// The first byte of a QUIC packet (RFC 8999, RFC 9000 section 17). It tells which of two headers follows, so a program that
/// takes both asks for quic, either<quic_long, quic_short<8>>. What goes to a client, from port 443, has another
/// destination: payload().assume<quic, ...>().
struct quic {
    static constexpr auto id = udp_port{443};
    u8 first;

    BPFXX_INLINE constexpr auto valid() const -> bool { return (first & 0x40) != 0; } // the fixed bit
    BPFXX_INLINE constexpr auto next() const { return static_cast<quic_form>(first >> 7); }

    BPFXX_INLINE constexpr auto is_long() const -> bool { return first >> 7 != 0; }
    /// Of a long header, version 1: 0 initial, 1 0-RTT, 2 handshake, 3 retry.
    BPFXX_INLINE constexpr auto type() const -> u8 { return first >> 4 & 3; }
    /// Of a short header: changes once per round trip, if both ends want it to.
    BPFXX_INLINE constexpr auto spin() const -> bool { return (first & 0x20) != 0; }
};
static_assert(header<quic> && sizeof(quic) == 1);
} // namespace bpfxx::net

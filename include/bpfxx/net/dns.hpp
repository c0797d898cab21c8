// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// DNS message header (RFC 1035 section 4.1.1; AD and CD: RFC 4035). The port that leads here is the destination's: to the
/// server. An answer is read with payload().assume<dns>() by programs that look at the source port.
struct dns {
    static constexpr auto id = one_of{udp_port{53}, dns_transport{}};
    be16 identification;
    u8 flags, flags_rcode;
    be16 questions, answers, authorities, additionals;

    BPFXX_INLINE constexpr auto is_response() const -> bool { return (flags & 0x80) != 0; }
    BPFXX_INLINE constexpr auto opcode() const -> u8 { return flags >> 3 & 0xf; } // 0 query, 4 notify, 5 update
    BPFXX_INLINE constexpr auto authoritative() const -> bool { return (flags & 0x04) != 0; }
    BPFXX_INLINE constexpr auto truncated() const -> bool { return (flags & 0x02) != 0; }
    BPFXX_INLINE constexpr auto recursion_desired() const -> bool { return (flags & 0x01) != 0; }
    BPFXX_INLINE constexpr auto recursion_available() const -> bool { return (flags_rcode & 0x80) != 0; }
    BPFXX_INLINE constexpr auto authentic_data() const -> bool { return (flags_rcode & 0x20) != 0; }
    BPFXX_INLINE constexpr auto checking_disabled() const -> bool { return (flags_rcode & 0x10) != 0; }
    BPFXX_INLINE constexpr auto rcode() const -> u8 { return flags_rcode & 0xf; } // 0 no error, 3 no such name
};
static_assert(header<dns> && sizeof(dns) == 12);
} // namespace bpfxx::net

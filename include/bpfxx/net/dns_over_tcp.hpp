// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// What a DNS message has before it on TCP (RFC 7766 section 8): its length. Only of a message that starts a segment.
struct dns_over_tcp {
    static constexpr auto id = tcp_port{53};
    be16 length; // of the message, without these two bytes

    BPFXX_INLINE constexpr auto next() const { return dns_transport{}; }
    BPFXX_INLINE constexpr auto covers() const -> u32 { return 2u + length.value(); }
};
static_assert(header<dns_over_tcp> && sizeof(dns_over_tcp) == 2);
} // namespace bpfxx::net

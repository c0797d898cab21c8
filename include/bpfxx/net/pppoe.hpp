// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// PPPoE session header (RFC 2516) and the PPP protocol behind it (RFC 1661), whose field is never compressed here.
struct pppoe {
    static constexpr auto id = ether_type{0x8864};
    u8 version_type, code;
    be16 session_id, length, ppp_protocol;

    BPFXX_INLINE constexpr auto valid() const -> bool { return version_type == 0x11 && code == 0; }
    /// LCP, authentication and the like lead nowhere.
    BPFXX_INLINE constexpr auto next() const -> ether_type {
        if (ppp_protocol == be16{0x0021}) return ether_type{0x0800};
        if (ppp_protocol == be16{0x0057}) return ether_type{0x86dd};
        return ppp_protocol == be16{0x0281} ? ether_type{0x8847} : no_ether_type; // MPLS, RFC 3032
    }
    /// The length counts from the PPP protocol on.
    BPFXX_INLINE constexpr auto covers() const -> u32 { return 6u + length.value(); }
};
static_assert(header<pppoe> && sizeof(pppoe) == 8);
} // namespace bpfxx::net

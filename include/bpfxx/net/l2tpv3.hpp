// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// L2TPv3 session header over IP (RFC 3931 section 4.1.1). How long its cookie is, whether there is a sublayer (4 bytes)
/// behind it, and what it carries, are agreed upon beforehand, so the program has to know. `ip l2tp` without `l2spec_type
/// none` makes l2tpv3_with<0, 4>.
template <u32 Cookie = 0, u32 Sublayer = 0, ether_type Inner = ether_type{0x6558}> struct l2tpv3_with {
    static_assert(Cookie == 0 || Cookie == 4 || Cookie == 8, "a cookie has 0, 4 or 8 bytes");
    static_assert(Sublayer == 0 || Sublayer == 4, "the default sublayer has 4 bytes");
    static constexpr auto id = ip_proto{115};
    be32 session_id;

    /// Cookie and sublayer.
    BPFXX_INLINE constexpr auto options() const -> u64 { return is_control() ? 0 : Cookie + Sublayer; }
    BPFXX_INLINE constexpr auto next() const -> ether_type { return is_control() ? no_ether_type : Inner; }

    BPFXX_INLINE constexpr auto is_control() const -> bool { return session_id == be32{0}; }
};
using l2tpv3 = l2tpv3_with<>;
static_assert(header<l2tpv3> && sizeof(l2tpv3) == 4);
} // namespace bpfxx::net

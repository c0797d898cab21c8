// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// SNAP header (IEEE 802, RFC 1042): it brings EtherTypes to where LLC is.
struct snap {
    static constexpr auto id = lsap{0xaa};
    u8 oui[3]; // whose protocol numbers these are
    be<ether_type> type;

    BPFXX_INLINE constexpr auto next() const -> ether_type { return has_ether_type() ? type.value() : no_ether_type; }
    BPFXX_INLINE constexpr auto next_of_walk() const -> ether_type { return no_length(next()); }
    /// Of RFC 1042, or of a bridge to Ethernet (IEEE 802.1H). Others have numbers of their own.
    BPFXX_INLINE constexpr auto has_ether_type() const -> bool {
        return (oui[0] | oui[1]) == 0 && (oui[2] == 0 || oui[2] == 0xf8);
    }
};
static_assert(header<snap> && sizeof(snap) == 5);
} // namespace bpfxx::net

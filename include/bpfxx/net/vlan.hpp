// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// VLAN tag (IEEE 802.1Q), of a customer or of a service provider (802.1ad).
struct vlan {
    static constexpr auto id = one_of{ether_type{0x8100}, ether_type{0x88a8}};
    be16 tci{}; // tag control information: priority 3, drop eligible 1, identifier 12 bits
    be<ether_type> type{};

    using priority_field = bits<&vlan::tci, 13, 3>;
    using drop_eligible_field = bits<&vlan::tci, 12, 1>;
    using identifier_field = bits<&vlan::tci, 0, 12>;

    BPFXX_INLINE constexpr auto next() const { return type; }
    BPFXX_INLINE constexpr auto lead_to(ether_type t) -> void { type = be{t}; }
    /// A tag, to be put before a packet.
    BPFXX_INLINE static constexpr auto of(u16 identifier, u8 priority = 0) -> vlan {
        return {.tci = be16{static_cast<u16>(priority << 13 | (identifier & 0xfff))}};
    }
    BPFXX_INLINE constexpr auto identifier() const -> u16 { return tci.value() & 0xfff; }
    BPFXX_INLINE constexpr auto priority() const -> u8 { return static_cast<u8>(tci.value() >> 13); }
    BPFXX_INLINE constexpr auto drop_eligible() const -> bool { return (tci.value() & 0x1000) != 0; }
};
static_assert(header<vlan> && sizeof(vlan) == 4);
} // namespace bpfxx::net

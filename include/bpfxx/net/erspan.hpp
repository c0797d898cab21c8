// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// ERSPAN header, type II (draft-foschiano-erspan): a mirrored frame in GRE that has a sequence number. Without one it is
/// type I, which is GRE with the same number and no header of its own: where both arrive, ask gre::has_sequence().
struct erspan {
    static constexpr auto id = ether_type{0x88be};
    be16 version_vlan;   // version 4, VLAN identifier 12 bits
    be16 cos_session;    // class of service 3, encapsulation 2, truncated 1, session 10 bits
    be32 reserved_index; // reserved 12, index 20 bits

    BPFXX_INLINE constexpr auto valid() const -> bool { return version_vlan.raw[0] >> 4 == 1; }
    BPFXX_INLINE constexpr auto next() const { return ether_type{0x6558}; }

    BPFXX_INLINE constexpr auto vlan() const -> u16 { return version_vlan.value() & 0xfff; } // of the mirrored frame
    BPFXX_INLINE constexpr auto class_of_service() const -> u8 { return cos_session.raw[0] >> 5; }
    BPFXX_INLINE constexpr auto is_truncated() const -> bool { return (cos_session.raw[0] & 0x04) != 0; }
    BPFXX_INLINE constexpr auto session() const -> u16 { return cos_session.value() & 0x3ff; }
    BPFXX_INLINE constexpr auto index() const -> u32 { return reserved_index.value() & 0xf'ffff; }
};
static_assert(header<erspan> && sizeof(erspan) == 8);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// VXLAN header with a next protocol (draft-ietf-nvo3-vxlan-gpe, version 0; its numbers as Linux has them).
struct vxlan_gpe {
    static constexpr auto id = udp_port{4790};
    u8 flags = 0x0c, reserved[2]{}, next_protocol = 0;
    be32 vni_reserved{};

    BPFXX_INLINE constexpr auto valid() const -> bool { return (flags & 0x38) == 0x08; } // version 0, the VNI is one
    BPFXX_INLINE constexpr auto next() const -> ether_type {
        if ((flags & 0x04) == 0) return ether_type{0x6558}; // no next protocol is stated: as in VXLAN
        switch (next_protocol) {
        case 1: return ether_type{0x0800};
        case 2: return ether_type{0x86dd};
        case 3: return ether_type{0x6558};
        case 4: return ether_type{0x894f}; // NSH, RFC 8300
        case 5: return ether_type{0x8847}; // MPLS
        default: return no_ether_type;
        }
    }

    BPFXX_INLINE constexpr auto lead_to(ether_type t) -> void {
        flags |= 0x04;
        next_protocol = t == ether_type{0x0800}   ? 1
                        : t == ether_type{0x86dd} ? 2
                        : t == ether_type{0x6558} ? 3
                        : t == ether_type{0x894f} ? 4
                        : t == ether_type{0x8847} ? 5
                                                  : 0;
    }

    /// A header for this network.
    BPFXX_INLINE static constexpr auto of(u32 vni) -> vxlan_gpe { return {.vni_reserved = be32{vni << 8}}; }
    /// VXLAN network identifier: 24 bits.
    BPFXX_INLINE constexpr auto vni() const -> u32 { return vni_reserved.value() >> 8; }
    BPFXX_INLINE constexpr auto has_next_protocol() const -> bool { return (flags & 0x04) != 0; }
    BPFXX_INLINE constexpr auto is_oam() const -> bool { return (flags & 0x01) != 0; } // not to be forwarded
};
static_assert(header<vxlan_gpe> && sizeof(vxlan_gpe) == 8);
} // namespace bpfxx::net

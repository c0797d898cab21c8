// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// VXLAN header (RFC 7348). Linux without `dstport` takes port 8472: with_id<vxlan, udp_port{8472}>.
struct vxlan {
    static constexpr auto id = udp_port{4789};
    u8 flags = 0x08, reserved[3]{};
    be32 vni_reserved{};

    BPFXX_INLINE constexpr auto valid() const -> bool { return (flags & 0x08) != 0; } // the VNI is one
    BPFXX_INLINE constexpr auto next() const { return ether_type{0x6558}; }

    /// A header for this network.
    BPFXX_INLINE static constexpr auto of(u32 vni) -> vxlan { return {.vni_reserved = be32{vni << 8}}; }
    /// VXLAN network identifier: 24 bits.
    BPFXX_INLINE constexpr auto vni() const -> u32 { return vni_reserved.value() >> 8; }
};
static_assert(header<vxlan> && sizeof(vxlan) == 8);
} // namespace bpfxx::net

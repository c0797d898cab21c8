// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// Geneve header (RFC 8926). Its options lie behind the struct.
struct geneve {
    static constexpr auto id = udp_port{6081};
    u8 version_length = 0, flags = 0;
    be<ether_type> protocol_type{};
    be32 vni_reserved{};

    BPFXX_INLINE constexpr auto valid() const -> bool { return version_length >> 6 == 0; }
    BPFXX_INLINE constexpr auto options() const -> u64 { return (version_length & 0x3fu) * u64{4}; }
    BPFXX_INLINE constexpr auto next() const { return protocol_type; }
    BPFXX_INLINE constexpr auto next_of_walk() const { return no_length(protocol_type.value()); }
    BPFXX_INLINE constexpr auto lead_to(ether_type t) -> void { protocol_type = be{t}; }
    BPFXX_INLINE constexpr auto complete(carried const &c) -> void { version_length = static_cast<u8>(c.options / 4); }

    /// A header for this network.
    BPFXX_INLINE static constexpr auto of(u32 vni) -> geneve { return {.vni_reserved = be32{vni << 8}}; }
    /// Virtual network identifier: 24 bits.
    BPFXX_INLINE constexpr auto vni() const -> u32 { return vni_reserved.value() >> 8; }
    BPFXX_INLINE constexpr auto is_control() const -> bool { return (flags & 0x80) != 0; }
    BPFXX_INLINE constexpr auto has_critical() const -> bool { return (flags & 0x40) != 0; }
};
static_assert(header<geneve> && sizeof(geneve) == 8);
} // namespace bpfxx::net

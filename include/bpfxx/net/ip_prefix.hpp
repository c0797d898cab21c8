// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Networks as values: an address and how many bits of it count.
#include <bpfxx/net/ip_address.hpp>

namespace bpfxx::net {
struct ipv4_prefix {
    be32 address;
    u8 length; // in bits, at most 32

    BPFXX_INLINE constexpr auto mask() const -> be32 { return be32{static_cast<u32>(~u64{0} << (32 - length))}; }
    BPFXX_INLINE constexpr auto contains(be32 const &host) const -> bool {
        return ((host.wire() ^ address.wire()) & mask().wire()) == 0;
    }
    /// No IPv6 address is in it, but an IPv4 address as ip_address has it.
    BPFXX_INLINE constexpr auto contains(ip_address const &host) const -> bool {
        return host.is_v4() && contains(host.v4());
    }
    BPFXX_INLINE friend constexpr auto operator==(ipv4_prefix const &a, ipv4_prefix const &b) -> bool {
        return a.address == b.address && a.length == b.length;
    }
};
static_assert(sizeof(ipv4_prefix) == 5 && alignof(ipv4_prefix) == 1);

struct ipv6_prefix {
    ip_address address;
    u8 length; // in bits, at most 128

    BPFXX_INLINE constexpr auto contains(ip_address const &host) const -> bool {
        auto const upper = length >= 64 ? ~u64{0} : ~(~u64{0} >> length);
        auto const lower = length <= 64 ? 0 : ~u64{0} << (128 - length);
        return ((half(host, 0) ^ half(address, 0)) & network_order(upper)) == 0 &&
               ((half(host, 8) ^ half(address, 8)) & network_order(lower)) == 0;
    }
    BPFXX_INLINE friend constexpr auto operator==(ipv6_prefix const &a, ipv6_prefix const &b) -> bool {
        return a.address == b.address && a.length == b.length;
    }

  private:
    /// Eight bytes as they lie in memory.
    BPFXX_INLINE static constexpr auto half(ip_address const &a, u32 at) -> u64 {
        if (!__builtin_is_constant_evaluated()) return load<u64>(a.raw + at);
        u64 v = 0;
        for (u32 i = 0; i < 8; i++) v = v << 8 | a.raw[at + i];
        return network_order(v);
    }
};
static_assert(sizeof(ipv6_prefix) == 17 && alignof(ipv6_prefix) == 1);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// UDP header (RFC 768). A checksum of zero means none. A length below 8 is malformed. So is zero, though
/// Linux takes that over IPv6 for a jumbogram's (RFC 2675): no link that carries such packets comes to mind.
struct udp {
    static constexpr auto id = ip_proto{17};
    static constexpr auto kind = outer_kind::udp;
    static constexpr bool checksum_is_optional = true; // where IP has one of its own
    be<udp_port> src{}, dst{};
    be16 length{}, checksum{};

    using sum = summed<&udp::checksum, sum_over::pseudo, zero::means_none>;
    using built = fields<&udp::length>;

    BPFXX_INLINE constexpr auto valid() const -> bool { return length.value() >= sizeof(udp); }
    BPFXX_INLINE constexpr auto next() const { return dst; }
    BPFXX_INLINE constexpr auto lead_to(udp_port p) -> void { dst = be{p}; }
    BPFXX_INLINE constexpr auto complete(carried const &c) -> void {
        length = be16{static_cast<u16>(c.length)};
        checksum = be16{};
    }
    BPFXX_INLINE auto seal(bpfxx::checksum sum, bpfxx::checksum const &behind) -> void {
        auto const value = sum.add(behind).add(*this).value();
        checksum.put(value == 0 ? 0xffff : value);
    }
    BPFXX_INLINE constexpr auto covers() const -> u64 { return length.value(); }

    BPFXX_INLINE constexpr auto source() const -> be16 { return be16{static_cast<u16>(src.value())}; }
    BPFXX_INLINE constexpr auto destination() const -> be16 { return be16{static_cast<u16>(dst.value())}; }
};
static_assert(header<udp> && sizeof(udp) == 8);
} // namespace bpfxx::net

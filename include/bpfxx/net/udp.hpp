// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// UDP header (RFC 768). A checksum of zero means none; a length below 8, zero too, is malformed as it is to the kernel.
struct udp {
    static constexpr auto id = ip_proto{17};
    be<udp_port> src, dst;
    be16 length, checksum;

    BPFXX_INLINE constexpr auto valid() const -> bool { return length.value() >= sizeof(udp); }
    BPFXX_INLINE constexpr auto next() const { return dst; }
    BPFXX_INLINE constexpr auto covers() const -> u32 { return length.value(); }

    BPFXX_INLINE constexpr auto source() const -> be16 { return be16{static_cast<u16>(src.value())}; }
    BPFXX_INLINE constexpr auto destination() const -> be16 { return be16{static_cast<u16>(dst.value())}; }
};
static_assert(header<udp> && sizeof(udp) == 8);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// TCP header (RFC 9293). Its options are part of size(), not of the struct.
struct tcp {
    static constexpr auto id = ip_proto{6};
    be<tcp_port> src{}, dst{};
    be32 seq{}, ack{};
    u8 data_offset = 0x50, flags = 0;
    be16 window{}, checksum{}, urgent{};

    using sum = summed<&tcp::checksum, sum_over::pseudo>;
    using built = fields<&tcp::data_offset>;

    BPFXX_INLINE constexpr auto size() const -> u32 { return data_offset >> 4 << 2; }
    BPFXX_INLINE constexpr auto next() const { return dst; }
    /// Options of a new header: a whole number of four bytes, 40 at most.
    BPFXX_INLINE constexpr auto complete(carried const &c) -> void {
        data_offset = static_cast<u8>((data_offset & 0x0f) | (sizeof(tcp) + c.options) / 4 << 4);
        checksum = be16{};
    }
    BPFXX_INLINE auto seal(bpfxx::checksum sum, bpfxx::checksum const &behind) -> void {
        checksum.put(sum.add(behind).add(*this).value());
    }

    BPFXX_INLINE constexpr auto fin() const -> bool { return (flags & 0x01) != 0; }
    BPFXX_INLINE constexpr auto syn() const -> bool { return (flags & 0x02) != 0; }
    BPFXX_INLINE constexpr auto rst() const -> bool { return (flags & 0x04) != 0; }
    BPFXX_INLINE constexpr auto psh() const -> bool { return (flags & 0x08) != 0; }
    BPFXX_INLINE constexpr auto is_ack() const -> bool { return (flags & 0x10) != 0; }
    BPFXX_INLINE constexpr auto urg() const -> bool { return (flags & 0x20) != 0; }
    BPFXX_INLINE constexpr auto source() const -> be16 { return be16{static_cast<u16>(src.value())}; }
    BPFXX_INLINE constexpr auto destination() const -> be16 { return be16{static_cast<u16>(dst.value())}; }
};
static_assert(header<tcp> && sizeof(tcp) == 20);
} // namespace bpfxx::net

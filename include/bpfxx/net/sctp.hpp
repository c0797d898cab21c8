// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// SCTP common header (RFC 9260). Chunks follow.
struct sctp {
    static constexpr auto id = ip_proto{132};
    be16 src, dst;
    be32 tag;
    le32 checksum; // CRC32c, whose bytes go out the lowest first

    using sum = not_incremental<sum_over::payload>;

    BPFXX_INLINE constexpr auto next() const { return sctp_content{}; }
    BPFXX_INLINE constexpr auto source() const -> be16 { return src; }
    BPFXX_INLINE constexpr auto destination() const -> be16 { return dst; }
};
static_assert(header<sctp> && sizeof(sctp) == 12);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// What every SCTP chunk starts with (RFC 9260 section 3.2); the chunk's own fields have its type as their id. The payload
/// is the chunk's value, without padding.
struct sctp_chunk {
    static constexpr auto id = sctp_content{};
    sctp_chunk_type type;
    u8 flags;
    be16 length;

    BPFXX_INLINE constexpr auto valid() const -> bool { return length.value() >= sizeof(sctp_chunk); }
    BPFXX_INLINE constexpr auto next() const { return type; }
    BPFXX_INLINE constexpr auto covers() const -> u32 { return length.value(); }
};
static_assert(header<sctp_chunk> && sizeof(sctp_chunk) == 4);
} // namespace bpfxx::net

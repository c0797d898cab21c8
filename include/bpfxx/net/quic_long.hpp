// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/layer.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// A QUIC long header behind its first byte (RFC 9000 section 17.2). options() is the destination's connection ID.
struct quic_long {
    static constexpr auto id = quic_form{1};
    static constexpr u32 longest_id = 20; // bytes
    be32 version;                         // 0: version negotiation
    u8 destination_id_length;

    BPFXX_INLINE constexpr auto options() const -> u64 { return opaque(u64{destination_id_length}); }
    BPFXX_INLINE constexpr auto valid() const -> bool { return options() <= longest_id; }
};
static_assert(header<quic_long> && sizeof(quic_long) == 5);

/// The source's connection ID, which follows the destination's.
BPFXX_INLINE auto source_id_of(layer<quic_long> const &packet) -> result<bytes> {
    auto const length = BPFXX_TRY(packet.payload().read<u8>());
    if (length > quic_long::longest_id) return reason::malformed;
    return BPFXX_TRY(packet.payload().after(1)).first(length);
}
} // namespace bpfxx::net

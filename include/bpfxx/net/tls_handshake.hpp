// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// TLS handshake header (RFC 8446 section 4), of a message that starts a record and is not encrypted.
struct tls_handshake {
    static constexpr auto id = tls_content{22};
    tls_message type;
    u8 length_raw[3];

    BPFXX_INLINE constexpr auto next() const { return type; }
    BPFXX_INLINE constexpr auto covers() const -> u32 { return 4 + length(); }

    /// Of the message without these four bytes. It may go on in further records.
    BPFXX_INLINE constexpr auto length() const -> u32 {
        return u32{length_raw[0]} << 16 | u32{length_raw[1]} << 8 | length_raw[2];
    }
};
static_assert(header<tls_handshake> && sizeof(tls_handshake) == 4);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/verifier.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// How a TLS client's first message starts (RFC 8446 section 4.1.2). options() is the session ID; cipher suites,
/// compression methods and extensions follow, of which server_name_of() in tls_server_name.hpp reads one.
struct tls_client_hello {
    static constexpr auto id = tls_message{1};
    be16 version; // 0x0303, even for TLS 1.3
    u8 random[32];
    u8 session_id_length;

    BPFXX_INLINE constexpr auto options() const -> u64 { return opaque(u64{session_id_length}); }
    BPFXX_INLINE constexpr auto valid() const -> bool { return options() <= 32 && version.raw[0] == 3; }
};
static_assert(header<tls_client_hello> && sizeof(tls_client_hello) == 35);
} // namespace bpfxx::net

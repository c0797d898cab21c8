// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// TLS record header (RFC 8446 section 5.1), on any port. Only of a record that starts a segment.
struct tls_record {
    static constexpr auto id = any<tcp_port>{};
    static constexpr u32 longest = 0x4000 + 0x800; // what TLS 1.2 allows (RFC 5246 section 6.2.3)
    tls_content type;
    be16 version; // 0x0301 to 0x0303, whatever the version of TLS
    be16 length;  // of the record, without these five bytes

    BPFXX_INLINE constexpr auto valid() const -> bool {
        return static_cast<u32>(type) - 20 < 5 && version.raw[0] == 3 && length.value() <= longest;
    }
    BPFXX_INLINE constexpr auto next() const { return type; }
    BPFXX_INLINE constexpr auto covers() const -> u32 { return 5u + length.value(); }
};
static_assert(header<tls_record> && sizeof(tls_record) == 5);
} // namespace bpfxx::net

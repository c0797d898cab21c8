// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// Authentication Header (RFC 4302), as IPv4 carries it. In IPv6 it is an extension header: that is stepped over.
/// Its integrity check value lies behind the struct: options().
struct ah {
    static constexpr auto id = ip_proto{51};
    ip_proto next_header;
    u8 length; // of the header in 4 bytes, less 2
    be16 reserved;
    be32 spi, sequence;

    using sum = not_incremental<sum_over::pseudo>;

    BPFXX_INLINE constexpr auto size() const -> u32 { return (length + 2u) * 4; }
    BPFXX_INLINE constexpr auto next() const { return next_header; }
};
static_assert(header<ah> && sizeof(ah) == 12);
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/ipv6.hpp>

namespace bpfxx::net {
/// An IPv6 header for programs that need whole packets: to a chain the first fragment is a fragment too, though its ports
/// are there. A fragment header that says neither offset nor more is stepped over (RFC 6946).
struct unfragmented_ipv6 : ipv6 {
    struct extension {
        template <u32 Offset, class Expected>
        BPFXX_INLINE static auto skip(cursor &here, ip_proto &key, u32 unknown, auto const &move) -> reason {
            return ipv6_extension::skip<Offset, Expected, 0xfff9>(here, key, unknown, move);
        }
    };
};
static_assert(header<unfragmented_ipv6> && sizeof(unfragmented_ipv6) == sizeof(ipv6));
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// Which IP starts with this byte: for headers that carry IP and do not say which.
BPFXX_INLINE constexpr auto ip_version(u8 first) -> ether_type {
    if (first >> 4 == 4) return ether_type{0x0800};
    return first >> 4 == 6 ? ether_type{0x86dd} : no_ether_type;
}
} // namespace bpfxx::net

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/ipv4.hpp>

namespace bpfxx::net {
/// An IPv4 header for programs that need whole packets: to a chain the first fragment is a fragment too, though its ports
/// are there. What ipv4 asks, in the same look.
struct unfragmented_ipv4 : ipv4 {
    BPFXX_INLINE constexpr auto fragment() const -> bool { return (flags_offset.wire() & be16{0x3fff}.wire()) != 0; }
    BPFXX_INLINE auto carries(ip_proto key) const -> bool {
        constexpr auto mask = network_order(0x3fff'00ffu);
        return (load<u32>(&version_ihl + 6) & mask) == network_order(static_cast<u32>(key));
    }
};
static_assert(header<unfragmented_ipv4> && sizeof(unfragmented_ipv4) == sizeof(ipv4));
} // namespace bpfxx::net

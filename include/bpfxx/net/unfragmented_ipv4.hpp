// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/ipv4.hpp>

namespace bpfxx::net {
/// An IPv4 header for programs that need whole packets: to a chain the first fragment is a fragment too, though its ports
/// are there. What ipv4 asks, in the same look.
struct unfragmented_ipv4 : ipv4 {
    BPFXX_INLINE constexpr auto fragment() const -> bool { return (flags_offset.wire() & be16{0x3fff}.wire()) != 0; }
    BPFXX_INLINE auto glance() const { return ipv4_glance<0x3fff>::at(&version_ihl + 6); }
};
static_assert(header<unfragmented_ipv4> && sizeof(unfragmented_ipv4) == sizeof(ipv4));
} // namespace bpfxx::net

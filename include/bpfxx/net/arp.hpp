// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>
#include <bpfxx/net/mac_address.hpp>

namespace bpfxx::net {
/// ARP for IPv4 over Ethernet (RFC 826). Other hardware or protocols are malformed here.
struct arp {
    static constexpr auto id = ether_type{0x0806};
    be16 hardware_type;
    be<ether_type> protocol_type;
    u8 hardware_length, protocol_length;
    be16 operation; // 1 request, 2 reply
    mac_address sender_hardware;
    be32 sender_protocol;
    mac_address target_hardware;
    be32 target_protocol;

    BPFXX_INLINE constexpr auto valid() const -> bool {
        return hardware_type == be16{1} && protocol_type == ether_type{0x0800} && hardware_length == 6 &&
               protocol_length == 4;
    }
    BPFXX_INLINE constexpr auto is_request() const -> bool { return operation == be16{1}; }
    BPFXX_INLINE constexpr auto is_reply() const -> bool { return operation == be16{2}; }
};
static_assert(header<arp> && sizeof(arp) == 28);
} // namespace bpfxx::net

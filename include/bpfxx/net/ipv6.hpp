// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/ip_address.hpp>
#include <bpfxx/net/ip_fields.hpp>
#include <bpfxx/net/ipv6_extension.hpp>

namespace bpfxx::net {
/// IPv6 header (RFC 8200). Extension headers are stepped over on the way to what it carries.
struct ipv6 {
    static constexpr auto id = one_of{ether_type{0x86dd}, ip_proto{41}, quoted_ip{6}};
    using extension = ipv6_extension;
    be32 version_class_flow;
    be16 payload_length;
    ip_proto next_header;
    u8 hop_limit;
    ip_address src, dst;

    using pseudo = fields<&ipv6::src, &ipv6::dst>;
    using built = fields<&ipv6::version_class_flow, &ipv6::payload_length, &ipv6::next_header>;
    using hops_field = field<&ipv6::hop_limit>;
    using dscp_field = bits<&ipv6::version_class_flow, 22, 6>;
    using ecn_field = bits<&ipv6::version_class_flow, 20, 2>;
    using flow_label_field = bits<&ipv6::version_class_flow, 0, 20>;

    BPFXX_INLINE constexpr auto valid() const -> bool { return version_class_flow.raw[0] >> 4 == 6; }
    BPFXX_INLINE constexpr auto next() const { return next_header; }
    /// A length of zero covers nothing behind the header: jumbograms (RFC 2675) do not exist on packet links.
    BPFXX_INLINE constexpr auto covers() const -> u32 { return sizeof(ipv6) + payload_length.value(); }

    BPFXX_INLINE constexpr auto traffic_class() const -> u8 {
        return static_cast<u8>(version_class_flow.value() >> 20);
    }
    BPFXX_INLINE constexpr auto dscp() const -> u8 { return traffic_class() >> 2; }
    BPFXX_INLINE constexpr auto ecn() const -> u8 { return traffic_class() & 3; }
    BPFXX_INLINE constexpr auto flow_label() const -> u32 { return version_class_flow.value() & 0xf'ffff; }
    BPFXX_INLINE constexpr auto source() const -> ip_address { return src; }
    BPFXX_INLINE constexpr auto destination() const -> ip_address { return dst; }
};
static_assert(header<ipv6> && sizeof(ipv6) == 40);
} // namespace bpfxx::net

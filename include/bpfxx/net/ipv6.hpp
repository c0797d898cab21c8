// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/ip_address.hpp>
#include <bpfxx/net/ip_fields.hpp>
#include <bpfxx/net/ipv6_extension.hpp>

namespace bpfxx::net {
/// IPv6 header (RFC 8200). Extension headers are stepped over on the way to what it carries.
struct ipv6 {
    static constexpr auto id = one_of{ether_type{0x86dd}, ip_proto{41}, quoted_ip{6}};
    using extension = ipv6_extension;
    static constexpr auto kind = outer_kind::ipv6;
    static constexpr bool checksums_are_optional = false;
    be32 version_class_flow{0x6000'0000};
    be16 payload_length{};
    ip_proto next_header{};
    u8 hop_limit = 64;
    ip_address src{}, dst{};

    using pseudo = fields<&ipv6::src, &ipv6::dst>;
    using built = fields<&ipv6::version_class_flow, &ipv6::payload_length, &ipv6::next_header>;
    using hops_field = field<&ipv6::hop_limit>;
    using dscp_field = bits<&ipv6::version_class_flow, 22, 6>;
    using ecn_field = bits<&ipv6::version_class_flow, 20, 2>;
    using flow_label_field = bits<&ipv6::version_class_flow, 0, 20>;

    BPFXX_INLINE constexpr auto valid() const -> bool { return version_class_flow.raw[0] >> 4 == 6; }
    BPFXX_INLINE constexpr auto next() const { return next_header; }
    BPFXX_INLINE constexpr auto lead_to(ip_proto p) -> void { next_header = p; }
    BPFXX_INLINE constexpr auto complete(carried const &c) -> void {
        payload_length = be16{static_cast<u16>(c.length - sizeof(ipv6))};
    }
    /// What the checksum of a protocol above covers besides it: `length` bytes of that protocol.
    BPFXX_INLINE auto pseudo_header(u32 length) const -> checksum {
        checksum sum;
        BPFXX_UNROLLED for (u32 i = 0; i < 16; i += 4) {
            sum.add_folded(load<u32>(src.raw + i)).add_folded(load<u32>(dst.raw + i));
        }
        return sum.add(be32{length}).add(be16{static_cast<u16>(next_header)});
    }
    /// A length of zero covers nothing behind the header: jumbograms (RFC 2675) do not exist on packet links.
    BPFXX_INLINE constexpr auto covers() const -> u64 { return sizeof(ipv6) + payload_length.value(); }

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

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/core/verifier.hpp>
#include <bpfxx/net/ip_address.hpp>
#include <bpfxx/net/ip_fields.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// What IPv4 carries, and whether it starts here: one word holds flags, fragment offset, TTL and protocol.
template <u32 FragmentBits> struct ipv4_glance {
    u32 word;
    BPFXX_INLINE static auto at(u8 const *flags) -> ipv4_glance {
        return {load<u32>(flags) & network_order(FragmentBits << 16 | 0xff)};
    }
    BPFXX_INLINE auto fragment() const -> bool { return (word & network_order(FragmentBits << 16)) != 0; }
    BPFXX_INLINE friend auto matches(ip_proto id, ipv4_glance g) -> bool {
        return g.word == network_order(static_cast<u32>(id));
    }
    BPFXX_INLINE friend auto matches(any<ip_proto>, ipv4_glance g) -> bool { return !g.fragment(); }
};

/// IPv4 header (RFC 791). Its options lie behind the struct.
struct ipv4 {
    static constexpr auto id = one_of{ether_type{0x0800}, ip_proto{4}, quoted_ip{4}};
    static constexpr auto kind = outer_kind::ipv4;
    static constexpr bool checksums_are_optional = true, frequent = true;
    u8 version_ihl = 0x45, tos = 0;
    be16 total_length{}, identification{},
        flags_offset{0x4000}; // not to be fragmented, so without identification (RFC 6864)
    u8 ttl = 64;
    ip_proto protocol{};
    be16 checksum{};
    be32 src{}, dst{};

    using sum = summed<&ipv4::checksum, sum_over::header>;
    using pseudo = fields<&ipv4::src, &ipv4::dst>;
    using built = fields<&ipv4::version_ihl, &ipv4::total_length, &ipv4::protocol>;
    using hops_field = field<&ipv4::ttl>;
    using dscp_field = bits<&ipv4::tos, 2, 6>;
    using ecn_field = bits<&ipv4::tos, 0, 2>;

    BPFXX_INLINE constexpr auto options() const -> u64 { return option_words() * 4; }
    BPFXX_INLINE constexpr auto valid() const -> bool { return option_words() <= 10; } // version 4 and IHL 5 to 15
    BPFXX_INLINE constexpr auto begins() const -> bool { return version_ihl >> 4 == 4; }
    BPFXX_INLINE constexpr auto next() const { return protocol; }
    BPFXX_INLINE constexpr auto lead_to(ip_proto p) -> void { protocol = p; }
    BPFXX_INLINE auto complete(carried const &c) -> void {
        version_ihl = static_cast<u8>(0x45 + c.options / 4);
        total_length = be16{static_cast<u16>(c.length)};
        checksum = be16{};
        auto sum = c.sum;
        checksum.put(sum.add(*this).value());
    }
    /// What the checksum of a protocol above covers besides it: `length` bytes of that protocol.
    BPFXX_INLINE auto pseudo_header(u32 length) const -> bpfxx::checksum {
        return bpfxx::checksum{}.add(src).add(dst).add(be32{length}).add(be16{static_cast<u16>(protocol)});
    }
    BPFXX_INLINE constexpr auto covers() const -> u64 { return total_length.value(); }
    BPFXX_INLINE constexpr auto fragment() const -> bool { return fragment_bits() != 0; }
    BPFXX_INLINE constexpr auto fragment_bits() const -> u32 { return flags_offset.wire() & be16{0x1fff}.wire(); }
    BPFXX_INLINE auto glance() const { return ipv4_glance<0x1fff>::at(&version_ihl + 6); }

    BPFXX_INLINE constexpr auto more_fragments() const -> bool {
        return (flags_offset.wire() & be16{0x2000}.wire()) != 0;
    }
    BPFXX_INLINE constexpr auto dont_fragment() const -> bool {
        return (flags_offset.wire() & be16{0x4000}.wire()) != 0;
    }
    /// In bytes.
    BPFXX_INLINE constexpr auto fragment_offset() const -> u32 { return (flags_offset.value() & 0x1fffu) * 8; }
    BPFXX_INLINE constexpr auto header_length() const -> u32 { return (version_ihl & 0xfu) * 4; }
    BPFXX_INLINE constexpr auto dscp() const -> u8 { return tos >> 2; }
    BPFXX_INLINE constexpr auto ecn() const -> u8 { return tos & 3; }
    BPFXX_INLINE constexpr auto source() const -> ip_address { return ip_address{src}; }
    BPFXX_INLINE constexpr auto destination() const -> ip_address { return ip_address{dst}; }

  private:
    // 64 bits: where BPF has no 32-bit arithmetic, a shorter number is another register than the one that was checked.
    BPFXX_INLINE constexpr auto option_words() const -> u64 { return opaque(u64{version_ihl} - 0x45); }
};
static_assert(header<ipv4> && sizeof(ipv4) == 20);
} // namespace bpfxx::net

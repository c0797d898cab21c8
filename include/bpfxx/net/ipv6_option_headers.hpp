// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// IPv6 extension headers as headers of their own, for walks that show them (RFC 8200 section 4; RFC 6275, 7401, 5533). A
/// chain steps over them by itself.
template <u8 Number> struct ipv6_option_header {
    static constexpr auto id = ip_proto{Number};
    ip_proto next_header;
    u8 length; // in 8 bytes, without the first 8
    u8 first[6];

    BPFXX_INLINE constexpr auto options() const -> u64 { return length * 8u; }
    BPFXX_INLINE constexpr auto next() const { return next_header; }
};
struct ipv6_hop_by_hop : ipv6_option_header<0> {};
struct ipv6_routing : ipv6_option_header<43> {};
struct ipv6_destination : ipv6_option_header<60> {};
struct ipv6_mobility : ipv6_option_header<135> {};
struct ipv6_host_identity : ipv6_option_header<139> {};
struct ipv6_shim6 : ipv6_option_header<140> {};

struct ipv6_fragment {
    static constexpr auto id = ip_proto{44};
    ip_proto next_header;
    u8 reserved;
    be16 offset_flags;
    be32 identification;

    BPFXX_INLINE constexpr auto next() const { return next_header; }
    BPFXX_INLINE constexpr auto fragment() const -> bool { return (offset_flags.wire() & be16{0xfff8}.wire()) != 0; }
    BPFXX_INLINE constexpr auto more_fragments() const -> bool { return (offset_flags.wire() & be16{1}.wire()) != 0; }
    /// In bytes.
    BPFXX_INLINE constexpr auto fragment_offset() const -> u32 { return offset_flags.value() & 0xfff8u; }
};
static_assert(header<ipv6_hop_by_hop> && sizeof(ipv6_hop_by_hop) == 8 && sizeof(ipv6_fragment) == 8);
} // namespace bpfxx::net

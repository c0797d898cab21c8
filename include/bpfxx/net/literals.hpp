// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Addresses as constants: using namespace bpfxx::net::literals; ip->src == "10.0.0.1"_ipv4. What is malformed does not
/// compile.
#include <bpfxx/net/address_text.hpp>

namespace bpfxx::net {
namespace detail {
template <u32 N> struct literal {
    char text[N];
    constexpr literal(char const (&t)[N]) : text{} {
        for (u32 i = 0; i < N; i++) text[i] = t[i];
    }
    constexpr auto view() const -> text_view { return {text, text + N - 1}; }
};
} // namespace detail

inline namespace literals {
/// A be32, as IPv4 and ARP have it.
template <detail::literal Text> BPFXX_INLINE constexpr auto operator""_ipv4() -> be32 {
    constexpr auto address = parse_ipv4(Text.view());
    static_assert(static_cast<bool>(address), "no IPv4 address: it has four numbers up to 255, as \"10.0.0.1\"_ipv4");
    return address.value_or({});
}
/// An ip_address, as IPv6 has it.
template <detail::literal Text> BPFXX_INLINE constexpr auto operator""_ipv6() -> ip_address {
    constexpr auto address = parse_ipv6(Text.view());
    static_assert(static_cast<bool>(address), "no IPv6 address: write it as \"2001:db8::1\"_ipv6");
    return address.value_or({});
}
/// Either, as source() and destination() of both have it.
template <detail::literal Text> BPFXX_INLINE constexpr auto operator""_ip() -> ip_address {
    constexpr auto address = parse_ip(Text.view());
    static_assert(static_cast<bool>(address), "no IP address: write it as \"10.0.0.1\"_ip or \"2001:db8::1\"_ip");
    return address.value_or({});
}
template <detail::literal Text> BPFXX_INLINE constexpr auto operator""_mac() -> mac_address {
    constexpr auto address = parse_mac(Text.view());
    static_assert(static_cast<bool>(address), "no MAC address: write it as \"02:00:00:00:00:01\"_mac");
    return address.value_or({});
}
/// An ipv4_prefix or an ipv6_prefix.
template <detail::literal Text> BPFXX_INLINE constexpr auto operator""_prefix() {
    constexpr auto prefix = [] {
        if constexpr (detail::is_ipv6(Text.view()))
            return parse_ipv6_prefix(Text.view());
        else
            return parse_ipv4_prefix(Text.view());
    }();
    static_assert(static_cast<bool>(prefix),
                  "no prefix: write it as \"10.0.0.0/8\"_prefix or \"2001:db8::/32\"_prefix; bits behind it are zero");
    return prefix.value_or({});
}
} // namespace literals
} // namespace bpfxx::net

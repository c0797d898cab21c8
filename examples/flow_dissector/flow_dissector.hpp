// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the flow dissector knows. Headers are taken by the number before them, as the kernel's own dissectors do it: they
/// look neither at an IP version nor at lengths, which are zero in packets that are longer than the field can say.
#include <bpfxx/core/dispatch.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>

namespace dissector {
namespace net = bpfxx::net;

struct ipv4 : net::ipv4 {
    BPFXX_INLINE constexpr auto valid() const -> bool { return words() >= 5; }
    BPFXX_INLINE constexpr auto options() const -> bpfxx::u64 { return (words() - 5) * 4; }
    auto covers() const = delete;

  private:
    BPFXX_INLINE constexpr auto words() const -> bpfxx::u64 { return bpfxx::opaque(bpfxx::u64{version_ihl & 0xfu}); }
};
struct ipv6 : net::ipv6 {
    BPFXX_INLINE constexpr auto valid() const -> bool { return true; }
    auto covers() const = delete;
};
/// Any version: what is not version 0 is no tunnel that could be looked into. Nor is a mirror without a header.
struct gre : net::gre {
    BPFXX_INLINE constexpr auto valid() const -> bool { return true; }
    BPFXX_INLINE constexpr auto next_of_walk() const { return protocol; }
};
struct udp : net::udp {
    BPFXX_INLINE constexpr auto valid() const -> bool { return true; }
    auto covers() const = delete;
};
struct udp_lite : udp {
    static constexpr auto id = net::ip_proto{136};
};

/// Headers that the walk ends with.
template <class H>
concept transport = __is_same(H, net::tcp) || __is_same(H, udp) || __is_same(H, udp_lite) || __is_same(H, net::sctp) ||
                    __is_same(H, net::dccp) || __is_same(H, net::icmp) || __is_same(H, net::icmpv6);

using known = bpfxx::protocols<net::ethernet, net::vlan, net::mpls, ipv4, ipv6, net::ipv6_hop_by_hop, net::ipv6_routing,
                               net::ipv6_destination, net::ipv6_fragment, gre, net::tcp, udp, udp_lite, net::sctp,
                               net::dccp, net::icmp, net::icmpv6>;
inline constexpr bpfxx::u32 most_headers = 14, most_tags = 2;

/// Packets from this address are left to the kernel's own dissector.
inline constexpr bpfxx::be32 left_to_the_kernel{0x7f00'007f}; // 127.0.0.127
} // namespace dissector

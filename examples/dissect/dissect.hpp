// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What both sides of dissect share: the protocols it knows, and what it says of a packet.
#include <bpfxx/core/dispatch.hpp>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/erspan.hpp>
#include <bpfxx/net/esp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/igmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/l2tpv3.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/macsec.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/radiotap.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>

/// Given before loading.
struct settings {
    bpfxx::u32 first; // what packets start with: its number in `dissection::known`
};

namespace dissection {
namespace net = bpfxx::net;

/// With the number that segment routing has for it, too (RFC 8986).
using frame = bpfxx::with_id<net::ethernet, net::ether_type{0x6558}, net::ip_proto{143}>;
/// RARP has the same form.
using resolution = bpfxx::with_id<net::arp, net::ether_type{0x0806}, net::ether_type{0x8035}>;
/// 0x9100 is what switches used before 802.1ad.
using tag = bpfxx::with_id<net::vlan, net::ether_type{0x8100}, net::ether_type{0x88a8}, net::ether_type{0x9100}>;
/// Nothing in the packet says how long its cookie is, and what it carries: there is nothing to be read behind it.
using session = net::l2tpv3_with<0, 0, net::no_ether_type>;

/// PPPoE whose PPP protocol may be compressed to one byte (RFC 1661 section 6.5). A chain has pppoe, where it has two.
struct pppoe {
    static constexpr auto id = net::ether_type{0x8864};
    using extension = pppoe;
    bpfxx::u8 version_type, code;
    bpfxx::be16 session_id, length;

    BPFXX_INLINE constexpr auto valid() const -> bool { return version_type == 0x11 && code == 0; }
    BPFXX_INLINE constexpr auto next() const { return net::no_ether_type; }
    BPFXX_INLINE constexpr auto covers() const -> bpfxx::u32 { return sizeof(pppoe) + length.value(); }
    /// Takes the protocol: its last byte alone is odd.
    template <bpfxx::u32 Offset, class Expected>
    BPFXX_INLINE static auto skip(bpfxx::cursor &here, net::ether_type &key, bpfxx::u32, auto const &move)
        -> bpfxx::reason {
        if (!here.holds(Offset + 1)) return bpfxx::reason::truncated;
        bpfxx::u32 protocol = here.at[Offset], size = 1;
        if ((protocol & 1) == 0) {
            if (!here.holds(Offset + 2)) return bpfxx::reason::truncated;
            protocol = protocol << 8 | here.at[Offset + 1];
            size = 2;
        }
        if (protocol == 0x0021) key = net::ether_type{0x0800};
        if (protocol == 0x0057) key = net::ether_type{0x86dd};
        if (protocol == 0x0281) key = net::ether_type{0x8847};
        move(size);
        return bpfxx::reason::none;
    }
};
static_assert(bpfxx::header<pppoe> && sizeof(pppoe) == 6);

using known =
    bpfxx::protocols<frame, net::ipv4, net::ipv6, net::ieee80211, net::radiotap, tag, resolution, net::mpls, pppoe,
                     net::llc, net::snap, net::macsec, net::ipv6_hop_by_hop, net::ipv6_routing, net::ipv6_fragment,
                     net::ipv6_destination, net::ipv6_mobility, net::ipv6_host_identity, net::ipv6_shim6, net::ah,
                     net::esp, net::gre, net::erspan, session, net::tcp, net::udp, net::sctp, net::dccp, net::icmp,
                     net::icmpv6, net::igmp, net::vxlan, net::vxlan_gpe, net::geneve, net::gue, net::gtp_u>;

inline constexpr bpfxx::u32 most_layers = 16;
inline constexpr bpfxx::u32 most_pulled = 1024; // bytes that TC looks at, where a packet is in pieces
struct layer {
    bpfxx::u16 offset, size;
    bpfxx::u8 protocol, padding; // its number in `known`
};
/// A packet, as the program reports it.
struct trail {
    bpfxx::u64 time;   // CLOCK_MONOTONIC, in ns
    bpfxx::u32 length; // of the packet
    bpfxx::u32 offset; // of what is behind the last header
    bpfxx::u32 left;   // bytes that the length fields allow there
    bpfxx::u8 count;   // of the layers
    bpfxx::u8 stop;    // the reason
    bpfxx::u8 copied;  // bytes of `start` that the packet had, at most 255
    bpfxx::u8 padding;
    layer layers[most_layers];
    bpfxx::u8 start[192];
};

using trails_spec = bpfxx::spec::ring_buffer<1 << 20>;
using lost_spec = bpfxx::spec::per_cpu_array<bpfxx::u64, 1>; // packets that found the ring buffer full
} // namespace dissection

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// All protocols of net/ that a walk can come to. TLS is left out: behind any TCP port it would be expected.
#include <bpfxx/core/dispatch.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/dns_over_tcp.hpp>
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
#include <bpfxx/net/pppoe.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/quic_long.hpp>
#include <bpfxx/net/radiotap.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/sctp_chunk.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>

namespace bpfxx::test {
/// Those that a packet may start with come first.
using every_protocol =
    protocols<net::ethernet, net::ipv4, net::ipv6, net::ieee80211, net::radiotap, net::vlan, net::arp, net::mpls,
              net::pppoe, net::llc, net::snap, net::macsec, net::ipv6_hop_by_hop, net::ipv6_routing, net::ipv6_fragment,
              net::ipv6_destination, net::ipv6_mobility, net::ipv6_host_identity, net::ipv6_shim6, net::ah, net::esp,
              net::gre, net::erspan, net::l2tpv3, net::tcp, net::udp, net::sctp, net::sctp_chunk, net::dccp, net::icmp,
              net::icmpv6, net::igmp, net::vxlan, net::vxlan_gpe, net::geneve, net::gue, net::gtp_u, net::dns,
              net::dns_over_tcp, net::quic, net::quic_long>;

template <class H, class Set> inline constexpr u32 number_in = 0;
template <class A, class... H> inline constexpr u32 number_in<A, protocols<H...>> = bpfxx::detail::index_of<A, H...>;
/// A protocol's number in the set.
template <class H> inline constexpr u32 number_of_protocol = number_in<H, every_protocol>;
} // namespace bpfxx::test

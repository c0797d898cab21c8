// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O3 -mcpu=v2: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/erspan.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/igmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/l2tpv3.hpp>
#include <bpfxx/net/macsec.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/radiotap.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/sctp_chunk.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_client_hello.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_WALKER(found_w, cgroup_skb, net::ipv4, net::ipv6, net::udp, net::ah, net::ipv6_shim6, net::erspan, net::vxlan_gpe,
             net::tls_record, net::l2tpv3, net::ipv6_destination, net::ieee80211, net::vxlan, net::igmp, net::macsec,
             net::snap, net::sctp_chunk, net::gre, net::geneve, net::tcp, net::gtp_u, net::mpls, net::quic, net::icmp,
             note, net::icmpv6, net::tls_client_hello, net::sctp, net::vlan, net::radiotap, net::dns);
BPFXX_COUNT(found, found_c, cgroup_skb::counters);
BPFXX_CGROUP_EGRESS(found)(cgroup_skb::packet packet) {
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    auto const end = walk<3, found_w>(packet, [&](auto const &found) BPFXX_LAMBDA {
        acc = acc * 31 + found.index() + found.offset() * 7 + found.size();
        found.template then<net::gre>([&](net::gre const &h)
                                          BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.flags); });
        found.template then<net::udp>([&](net::udp const &h)
                                          BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.source().value()); });
        found.template then<net::macsec>(
            [&](net::macsec const &h) BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.packet_number.value()); });
        found.forget(acc);
    });
    acc = acc * 31 + end.depth + end.offset * 5 + static_cast<u64>(end.why) + end.left;
    acc += repeat(static_cast<u32>(acc * 5) & 31, [&](u32 i) BPFXX_LAMBDA { acc = acc * 49 + i; });
    acc = acc * 904 + static_cast<u64>(packet.parse<net::ipv4, either<net::ipv4, net::ipv6>, net::udp>().why());
    u32 times5 = 0;
    bool seen5 = false;
    walk<12, found_w>(packet, [&](auto const &found) BPFXX_LAMBDA {
        if (found.template is<net::ipv6>()) ++times5;
        found.forget(times5);
        if (found.depth() > 0 && found.size() > 25) seen5 = true;
    });
    if (times5 > 2 && !seen5) return cgroup_skb::drop;
    acc += times5;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? cgroup_skb::drop : cgroup_skb::allow;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -Os -mcpu=v3: rejected
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/lru_per_cpu_hash.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/dns_over_tcp.hpp>
#include <bpfxx/net/erspan.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/macsec.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/quic_long.hpp>
#include <bpfxx/net/quic_short.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/tls_client_hello.hpp>
#include <bpfxx/net/tls_handshake.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_WALKER(found_w, tc, net::ethernet, net::ipv4, net::ipv6, net::udp, net::gtp_u, net::gue, net::erspan,
             net::quic_long, net::vlan, net::tls_handshake, net::vxlan_gpe, net::quic, net::dns_over_tcp,
             net::ipv6_mobility, net::macsec, net::tls_client_hello, net::ipv6_routing, net::dns,
             net::ipv6_host_identity, net::ieee80211, net::ipv6_destination, net::ipv6_hop_by_hop, net::ipv6_fragment,
             net::quic_short<8>, net::ipv6_shim6, net::sctp, net::icmp);
BPFXX_MAP(found_m1, spec::lru_per_cpu_hash<u32, u64, 1024>);
BPFXX_TC(found, tc::shot)(tc::packet packet) {
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    auto const end = walk<6, found_w>(packet, [&](auto const &found) BPFXX_LAMBDA {
        acc = acc * 31 + found.index() + found.offset() * 7 + found.size();
        found.template then<net::macsec>([&](net::macsec const &h)
                                             BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.association()); });
        found.template then<net::tls_handshake>([&](net::tls_handshake const &h)
                                                    BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.length()); });
        found.forget(acc);
    });
    acc = acc * 31 + end.depth + end.offset * 5 + static_cast<u64>(end.why) + end.left;
    if (!found_m1.lookup(static_cast<u32>(acc * 5) & 31).then([&](u64 &n) BPFXX_LAMBDA {
            n += 3;
            acc = acc * 7 + n;
        }))
        found_m1.update(static_cast<u32>(acc * 5) & 31, u64{1});
    u32 times3 = 0, times4 = 0, times5 = 0;
    bool seen5 = false;
    walk<5, found_w>(
        packet,
        [&](auto const &found) BPFXX_LAMBDA {
            if (found.template is<net::ipv6_host_identity>()) ++times3;
            if (found.template is<net::sctp>()) ++times4;
            if (found.template is<net::quic_short<8>>()) ++times5;
            found.forget(times3, times4, times5);
            if (found.depth() > 2 && found.size() > 18) seen5 = true;
        },
        20);
    if (times3 > 1 && !seen5) return tc::unspec;
    acc += times3 * 3 + times4 * 3 + times5;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

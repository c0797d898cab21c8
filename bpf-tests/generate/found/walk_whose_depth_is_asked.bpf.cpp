// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -O3 -mcpu=v3: The sequence of 8193 jumps is too complex.
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/array_of_maps.hpp>
#include <bpfxx/kernel/map/lru_hash.hpp>
#include <bpfxx/kernel/numbers.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/net/esp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/l2tpv3.hpp>
#include <bpfxx/net/quic_short.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_WALKER(found_w, tc, net::ethernet, net::ipv4, net::ipv6, net::udp, net::ipv6_mobility, net::ipv6_fragment,
             net::gtp_u, net::vxlan, net::gre, net::ipv6_shim6, net::l2tpv3, net::tls_record, net::quic_short<8>,
             net::geneve, net::icmp, net::ipv6_host_identity, net::ipv6_routing, net::vxlan_gpe, net::esp);
BPFXX_MAP(found_m1, spec::array_of_maps<spec::lru_hash<u32, u64, 1024>, 4>);
BPFXX_COUNT(found, found_c, tc::counters);
BPFXX_TC(found, tc::shot)(tc::packet packet) {
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    auto const end = walk<3, found_w>(packet, [&](auto const &found) BPFXX_LAMBDA {
        acc = acc * 31 + found.index() + found.offset() * 7 + found.size();
        found.template then<net::vxlan_gpe>([&](net::vxlan_gpe const &h)
                                                BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.vni()); });
        found.template then<net::vxlan>([&](net::vxlan const &h)
                                            BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.flags); });
        found.forget(acc);
    });
    acc = acc * 31 + end.depth + end.offset * 5 + static_cast<u64>(end.why) + end.left;
    acc += found_m1.lookup(static_cast<u32>(acc ^ 53306u) & 3).then([&](auto &inner) BPFXX_LAMBDA {
        if (!inner.contains(static_cast<u32>(acc >> 3) & 7)) inner.update(static_cast<u32>(acc * 5) & 7, acc);
        inner.lookup(static_cast<u32>(acc >> 3) & 7).then([&](u64 &n) BPFXX_LAMBDA {
            n += 3;
            acc = acc * 7 + n;
        });
    });
    u32 times8 = 0, times9 = 0, times10 = 0;
    bool seen10 = false;
    walk<5, found_w>(packet, [&](auto const &found) BPFXX_LAMBDA {
        if (found.template is<net::tls_record>()) ++times8;
        if (found.template is<net::ipv6_fragment>()) ++times9;
        if (found.template is<net::icmp>()) ++times10;
        found.forget(times8, times9, times10);
        if (found.depth() > 3 && found.size() > 15) seen10 = true;
    });
    if (times8 > 0 && !seen10) return tc::unspec;
    acc += times8 * 3 + times9 * 3 + times10;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::unspec : acc % 4 == 1 ? tc::pipe : tc::ok;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O2 -mcpu=v2: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/bloom_filter.hpp>
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/esp.hpp>
#include <bpfxx/net/geneve.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/macsec.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tls_client_hello.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_WALKER(found_w, cgroup_skb, net::ipv4, net::ipv6, net::udp, net::icmpv6, net::esp, net::vlan, net::snap,
             net::tls_client_hello, net::geneve, net::ipv6_fragment, net::dccp, net::ipv6_shim6, net::macsec,
             net::vxlan_gpe);
BPFXX_MAP(found_m1, spec::bloom_filter<u32, 64>);
BPFXX_CGROUP_EGRESS(found)(cgroup_skb::packet packet) {
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    auto const end = walk<12, found_w>(packet, [&](auto const &found) BPFXX_LAMBDA {
        acc = acc * 31 + found.index() + found.offset() * 7 + found.size();
        found.template then<net::vlan>([&](net::vlan const &h)
                                           BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.drop_eligible()); });
        found.template then<net::dccp>([&](net::dccp const &h)
                                           BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.type()); });
        found.template then<net::tls_client_hello>(
            [&](net::tls_client_hello const &h) BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.version.value()); });
        found.forget(acc);
        return found.offset() % 10 != 1;
    });
    acc = acc * 31 + end.depth + end.offset * 5 + static_cast<u64>(end.why) + end.left;
    found_m1.add(45);
    acc += found_m1.may_contain(0) ? 1 : 0;
    u32 times3 = 0;
    bool seen3 = false;
    walk<12, found_w>(
        packet,
        [&](auto const &found) BPFXX_LAMBDA {
            if (found.template is<net::snap>()) ++times3;
            found.forget(times3);
            if (found.depth() > 0 && found.size() > 13) seen3 = true;
        },
        13);
    if (times3 > 0 && !seen3) return cgroup_skb::allow;
    acc += times3;
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? cgroup_skb::drop : cgroup_skb::allow;
}

BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -O2 -mcpu=v2: math between pkt pointer and register with unbounded min value is not allowed, on Linux 5.10
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ah.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/esp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ieee80211.hpp>
#include <bpfxx/net/igmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/l2tpv3.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/pppoe.hpp>
#include <bpfxx/net/quic_long.hpp>
#include <bpfxx/net/radiotap.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/snap.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_WALKER(found_w, xdp, net::ethernet, net::ipv4, net::ipv6, net::udp, net::esp, net::sctp, net::icmpv6, net::snap,
             net::gtp_u, net::pppoe, net::vxlan, net::l2tpv3, net::gue, net::ipv6_routing, net::ah, net::vlan,
             net::igmp, net::ipv6_hop_by_hop, note, net::ipv6_destination, net::radiotap, net::quic_long, net::tcp,
             net::arp, net::ipv6_shim6);
BPFXX_XDP(found)(xdp::packet packet) {
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    auto const end = walk<6, found_w>(packet, [&](auto const &found) BPFXX_LAMBDA {
        acc = acc * 31 + found.index() + found.offset() * 7 + found.size();
        found.template then<net::gtp_u>([&](net::gtp_u const &h)
                                            BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.has_sequence()); });
        found.template then<note>([&](note const &h)
                                      BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.number.value()); });
        found.template then<net::ipv6_routing>([&](net::ipv6_routing const &h)
                                                   BPFXX_LAMBDA { acc = acc * 3 + static_cast<u64>(h.length); });
        found.forget(acc);
        return found.offset() % 7 != 1;
    });
    acc = acc * 31 + end.depth + end.offset * 5 + static_cast<u64>(end.why) + end.left;
    auto const found4 = packet.parse<net::ieee80211, net::llc, net::snap>();
    switch (found4.why()) {
    case reason::none: acc += 567; break;
    case reason::truncated: return xdp::aborted;
    case reason::fragment: acc ^= 567; break;
    case reason::malformed: return xdp::pass;
    default: acc *= 567;
    }
    found4.then([&](auto const &all) BPFXX_LAMBDA {
        auto const &[z1, z2, z3] = all;
        acc = acc * 416 + static_cast<u64>((*z1).address3.raw[5]);
        acc = acc * 832 + static_cast<u64>((*z2).control);
    });
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");

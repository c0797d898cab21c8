// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// All ways to change a packet, two in a row: which ones, its source address says.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

namespace {
using any_ip = either<net::ipv4, net::ipv6>;
using any_l4 = either<net::tcp, net::udp>;
enum class way : u32 {
    addresses,
    ports,
    hops,
    payload,
    tag,
    echo,
    in_tunnel, // up to here fields only: what was right stays right
    into_gre,
    into_vxlan,
    out_of_gre,
    out_of_vxlan,
    push,
    pop,
    ends,
    to_ipv6,
    to_ipv4
};

BPFXX_INLINE auto set_fields(xdp::packet const &packet, way how, u32 value) -> result<bool> {
    if (how == way::tag) {
        auto [eth, tag] = BPFXX_TRY(packet.parse<net::ethernet, net::vlan>());
        packet.rewrite(eth, tag).set<net::vlan::identifier_field>(value & 4095);
        return true;
    }
    if (how == way::echo) {
        auto [eth, ip, message] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
        auto change = packet.rewrite(ip, message);
        change.set<net::icmp::identifier_field>(value).set<&net::ipv4::identification>(be16{static_cast<u16>(value)});
        BPFXX_TRY(change.write(value & 15, be16{static_cast<u16>(value)}));
        return true;
    }
    if (how == way::in_tunnel) {
        auto [eth, ip, datagram, tunnel, inner, inner_ip, l4] =
            BPFXX_TRY(packet.parse<net::ethernet, any_ip, net::udp, net::vxlan, net::ethernet, net::ipv4, any_l4>());
        packet.rewrite(datagram, tunnel, inner, inner_ip, l4)
            .set<&net::vxlan::flags>(u8{8})
            .source(be32{value})
            .set<&net::ipv4::ttl>(static_cast<u8>(value >> 8));
        return true;
    }
    auto [eth, tags, ip, l4] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, any_ip, any_l4>());
    auto change = packet.rewrite(eth, tags, ip, l4);
    if (how == way::addresses)
        change.source(net::ip_address{be32{value}}).destination(net::ip_address{be32{~value}});
    else if (how == way::ports)
        change.source(be16{static_cast<u16>(value)}).destination(be16{static_cast<u16>(value >> 16)});
    else if (how == way::hops)
        change.set<net::hops>([](u8 hops) BPFXX_LAMBDA -> u8 { return hops - 1; })
            .set<net::dscp>(value & 63)
            .set<net::ecn>(value & 3);
    else
        BPFXX_TRY(change.write(value & 127, be32{value}));
    return true;
}

BPFXX_INLINE auto resized(xdp::packet packet, way how, u32 value) -> result<xdp::packet> {
    net::ipv4 const outer{.ttl = 32, .src = be32{value}, .dst = be32{0x0a00'0002}};
    net::ipv6 const outer6{.hop_limit = 32};
    switch (how) {
    case way::into_gre: {
        auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, any_ip>());
        return move(packet).encapsulate(eth, outer, net::gre::with_key(value), ip);
    }
    case way::into_vxlan: {
        auto const eth = BPFXX_TRY(packet.parse<net::ethernet>());
        return move(packet).encapsulate(eth, outer6, net::udp{.src = be{net::udp_port{50000}}}, net::vxlan::of(value),
                                        eth);
    }
    case way::out_of_gre: {
        auto [eth, ip, tunnel, inner] = BPFXX_TRY(packet.parse<net::ethernet, any_ip, net::gre, any_ip>());
        return move(packet).decapsulate(eth, inner);
    }
    case way::out_of_vxlan: {
        auto [eth, ip, datagram, tunnel, inner] =
            BPFXX_TRY(packet.parse<net::ethernet, any_ip, net::udp, net::vxlan, net::ethernet>());
        return move(packet).decapsulate(inner);
    }
    case way::push: return move(packet).push_vlan(net::vlan::of(value & 4095));
    case way::pop: return move(packet).pop_vlan<net::vlan>();
    case way::to_ipv6: {
        auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
        return move(packet).translate(eth, outer6, behind(ip));
    }
    case way::to_ipv4: {
        auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6>());
        return move(packet).translate(eth, outer, behind(ip));
    }
    default: break;
    }
    auto const n = value & 63;
    if ((value & 64) != 0) return (value & 128) != 0 ? move(packet).grow_head(n) : move(packet).shrink_head(n);
    return (value & 128) != 0 ? move(packet).grow_tail(n) : move(packet).shrink_tail(n);
}
} // namespace

BPFXX_COUNT(changes, reasons);
BPFXX_XDP(changes, xdp::drop)(xdp::packet packet) {
    auto const eth = BPFXX_TRY(packet.parse<net::ethernet>());
    u32 const value = eth->src.raw[2] << 24 | eth->src.raw[3] << 16 | eth->src.raw[4] << 8 | eth->src.raw[5];
    auto const first = static_cast<way>(eth->src.raw[1] & 15), second = static_cast<way>(eth->src.raw[1] >> 4);
    if (first <= way::in_tunnel)
        BPFXX_TRY(set_fields(packet, first, value));
    else
        packet = BPFXX_TRY(resized(packet, first, value));
    if (second <= way::in_tunnel)
        BPFXX_TRY(set_fields(packet, second, ~value));
    else
        BPFXX_TRY(resized(packet, second, ~value));
    return xdp::tx;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Address translation, as a worked example of rewrites. NAT44: TCP and UDP by address and port, ICMP echoes by address and
/// identifier, and ICMP errors with the packet they quote. NAT66: addresses one by one (all that RFC 6296 does with a
/// prefix), with errors.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ports.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::told;

/// One end of a flow. For ICMP the port is the identifier of echoes.
struct endpoint {
    be32 address;
    be16 port;
    net::ip_proto protocol;
    u8 unused;
};
BPFXX_MAP(outside_of, spec::hash<endpoint, endpoint, 1024>);
BPFXX_MAP(inside_of, spec::hash<endpoint, endpoint, 1024>);

/// What leaves: its source becomes an outside one.
BPFXX_XDP(nat44_out, told)(xdp::packet packet) {
    auto [eth, tags, ip] = BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, net::ipv4>());
    if (ip->protocol == net::ip_proto{1}) {
        auto message = BPFXX_TRY(ip.next<net::icmp>());
        if (!message->is_echo()) return xdp::pass;
        auto const outside = BPFXX_TRY(outside_of.lookup({ip->src, be16{message->identifier()}, net::ip_proto{1}, 0}));
        packet.rewrite(ip, message).source(outside->address).set<net::icmp::identifier_field>(outside->port.value());
        return xdp::tx;
    }
    auto [l4] = BPFXX_TRY(ip.next<either<net::tcp, net::udp>>());
    auto const outside = BPFXX_TRY(outside_of.lookup({ip->src, l4.source(), ip->protocol, 0}));
    packet.rewrite(ip, l4).source(outside->address).source(outside->port);
    return xdp::tx;
}

/// What arrives: its destination becomes an inside one.
BPFXX_XDP(nat44_in, told)(xdp::packet packet) {
    auto [eth, tags, ip] = BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, net::ipv4>());
    if (ip->protocol == net::ip_proto{1}) {
        auto message = BPFXX_TRY(ip.next<net::icmp>());
        if (message->is_error()) { // it quotes what has left: there the source is to be translated back
            auto [about, flow] = BPFXX_TRY(message.next<net::ipv4, net::ports>());
            auto const inside = BPFXX_TRY(inside_of.lookup({about->src, flow->src, about->protocol, 0}));
            packet.rewrite(ip, message).destination(inside->address);
            if (about->protocol == net::ip_proto{17}) { // its checksum is quoted too
                auto [whole, datagram] = BPFXX_TRY(message.next<net::ipv4, net::udp>());
                packet.rewrite(message, whole, datagram).source(inside->address).source(inside->port);
                return xdp::tx;
            }
            packet.rewrite(message, about, no_checksum_behind{}).source(inside->address);
            BPFXX_TRY(packet.rewrite(message, about).write(0, inside->port));
            return xdp::tx;
        }
        if (!message->is_echo_reply()) return xdp::pass;
        auto const inside = BPFXX_TRY(inside_of.lookup({ip->dst, be16{message->identifier()}, net::ip_proto{1}, 0}));
        packet.rewrite(ip, message).destination(inside->address).set<net::icmp::identifier_field>(inside->port.value());
        return xdp::tx;
    }
    auto [l4] = BPFXX_TRY(ip.next<either<net::tcp, net::udp>>());
    auto const inside = BPFXX_TRY(inside_of.lookup({ip->dst, l4.destination(), ip->protocol, 0}));
    packet.rewrite(ip, l4).destination(inside->address).destination(inside->port);
    return xdp::tx;
}

BPFXX_MAP(outside_of6, spec::hash<net::ip_address, net::ip_address, 1024>);
BPFXX_MAP(inside_of6, spec::hash<net::ip_address, net::ip_address, 1024>);

BPFXX_XDP(nat66_out, told)(xdp::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(
        packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, net::ipv6, maybe<net::tcp, net::udp, net::icmpv6>>());
    auto const outside = BPFXX_TRY(outside_of6.lookup(ip->src));
    packet.rewrite(ip, l4).source(*outside);
    return xdp::tx;
}
BPFXX_XDP(nat66_in, told)(xdp::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(
        packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, net::ipv6, maybe<net::tcp, net::udp, net::icmpv6>>());
    auto const inside = BPFXX_TRY(inside_of6.lookup(ip->dst));
    packet.rewrite(ip, l4).destination(*inside);
    return xdp::tx;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Fields set through the packet. What they are set to stands in the payload.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

/// What a program is to do.
struct order {
    static constexpr auto id = any<net::udp_port>{};
    be16 number, other;
    u8 octet, more;
    be16 offset;
};

BPFXX_XDP(port, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    auto const what = BPFXX_TRY(l4.payload().read<order>());
    packet.rewrite(l4).destination(what.number);
    return xdp::tx;
}
BPFXX_XDP(udp_port, told)(xdp::packet packet) {
    auto [eth, ip, datagram, what] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, order>());
    packet.rewrite(datagram).set<&net::udp::dst>(be<net::udp_port>{what->number});
    return xdp::tx;
}
BPFXX_XDP(tcp_fields, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    auto const what = BPFXX_TRY(segment.payload().read<order>());
    packet.rewrite(segment)
        .set<&net::tcp::window>(what.number)
        .set<&net::tcp::flags>(what.octet) // at an odd place
        .set<&net::tcp::seq>([](be32 seq) BPFXX_LAMBDA { return be32{seq.value() + 0x12345}; });
    return xdp::tx;
}
BPFXX_XDP(hops, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    auto const what = BPFXX_TRY(ip.payload().read<order>());
    packet.rewrite(ip).set<net::hops>(what.octet);
    return xdp::tx;
}
BPFXX_XDP(one_hop_less, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    packet.rewrite(ip).set<&net::ipv4::ttl>([](u8 ttl) BPFXX_LAMBDA { return ttl - 1; });
    return xdp::tx;
}
BPFXX_XDP(marks, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
    auto const what = BPFXX_TRY(ip.payload().read<order>());
    packet.rewrite(ip).set<net::dscp>(what.octet).set<net::ecn>(what.more);
    return xdp::tx;
}
BPFXX_XDP(identification, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    auto const what = BPFXX_TRY(ip.payload().read<order>());
    packet.rewrite(ip).set<&net::ipv4::identification>(what.number);
    return xdp::tx;
}
/// No checksum is over these.
BPFXX_XDP(frame, told)(xdp::packet packet) {
    auto [eth, tags, ip] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>, net::ipv4>());
    auto const what = BPFXX_TRY(ip.payload().read<order>());
    packet.rewrite(eth, tags)
        .source(net::mac_address{{2, 1, 2, 3, 4, 5}})
        .destination(net::mac_address{{2, 9, 8, 7, 6, 5}})
        .set<net::vlan::identifier_field>(what.number.value())
        .set<net::vlan::priority_field>(what.octet)
        .set<net::vlan::drop_eligible_field>(what.more);
    return xdp::tx;
}
BPFXX_XDP(bytes_of, told)(xdp::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    auto const what = BPFXX_TRY(l4.payload().read<order>());
    auto const offset = what.offset.value();
    auto const before = BPFXX_TRY(packet.rewrite(l4).write(offset, what.number));
    auto const octet = BPFXX_TRY(packet.rewrite(l4).write(offset + 3u, what.octet));
    observe(reason::none, before, octet);
    return xdp::tx;
}
/// A header of an odd size, behind which all lies at odd places.
struct odd_one {
    static constexpr auto id = any<net::udp_port>{};
    u8 size;
    be16 number;
    BPFXX_INLINE constexpr auto options() const -> u64 { return bounded<15>(size); }
    BPFXX_INLINE constexpr auto next() const -> net::udp_port { return net::udp_port{1}; }
};
/// Options are under the checksum of their header, at odd places and at even ones.
BPFXX_XDP(option_of_tcp, told)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::tcp>());
    auto const what = BPFXX_TRY(segment.payload().read<order>());
    auto change = packet.rewrite(ip, segment);
    auto const before = BPFXX_TRY(change.set<net::hops>(9).write_option(what.offset.value(), what.number));
    observe(reason::none, before);
    return xdp::tx;
}
BPFXX_XDP(option_of_ip, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    auto const what = BPFXX_TRY(ip.payload().read<order>());
    BPFXX_TRY(packet.rewrite(ip).write_option(what.offset.value(), what.octet));
    return xdp::tx;
}
/// Of a header without a checksum of its own, under the one before.
BPFXX_XDP(option_in_udp, told)(xdp::packet packet) {
    auto [eth, ip, datagram, one] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, odd_one>());
    auto const what = BPFXX_TRY(one.payload().read<order>());
    BPFXX_TRY(packet.rewrite(ip, datagram, one).write_option(what.offset.value(), what.number));
    return xdp::tx;
}
/// The fields of what UDP carries are under its checksum.
BPFXX_XDP(own_header, told)(xdp::packet packet) {
    auto [eth, ip, datagram, what] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, order>());
    auto const number = what->number;
    packet.rewrite(ip, datagram, what)
        .set<&order::other>(number)
        .set<&order::more>(what->octet) // at an odd place
        .destination(number)
        .set<&net::ipv4::ttl>(7);
    return xdp::tx;
}
BPFXX_XDP(odd, told)(xdp::packet packet) {
    auto [eth, ip, datagram, one, what] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, odd_one, order>());
    auto const number = what->number;
    packet.rewrite(datagram, one, what).set<&odd_one::number>(number).set<&order::other>(number);
    return xdp::tx;
}
BPFXX_XDP(echo, told)(xdp::packet packet) {
    auto [eth, ip, message] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    auto const what = BPFXX_TRY(message.payload().read<order>());
    packet.rewrite(ip, message)
        .set<net::icmp::identifier_field>(what.number.value())
        .source(be32{0xc000'0201}); // no part of this checksum
    return xdp::tx;
}
BPFXX_XDP(echo6, told)(xdp::packet packet) {
    auto [eth, ip, message] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv6, net::icmpv6>());
    auto const what = BPFXX_TRY(message.payload().read<order>());
    auto const to = ip->src; // part of this one
    packet.rewrite(ip, message)
        .set<net::icmpv6::identifier_field>(what.number.value())
        .set<&net::icmpv6::type>(129)
        .destination(to);
    return xdp::tx;
}
/// An error quotes a packet, whose checksums are under its own.
BPFXX_XDP(quoted, told)(xdp::packet packet) {
    auto [eth, ip, message] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    auto [about, datagram] = BPFXX_TRY(message.payload().assume<net::ipv4, net::udp>());
    packet.rewrite(message, about, datagram).source(be32{0xc000'0201}).source(be16{4321});
    return xdp::tx;
}
/// Also where there is no such header: in a later fragment.
BPFXX_XDP(fragments, told)(xdp::packet packet) {
    auto [eth, ip, l4] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, maybe<net::tcp, net::udp>>());
    if (!l4 && !ip->fragment()) return reason::other_protocol;
    packet.rewrite(ip, l4).source(be32{0xc000'0201});
    return xdp::tx;
}
BPFXX_XDP(header_only, told)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4>());
    if (!ip->fragment()) return xdp::pass;
    packet.rewrite(ip, no_checksum_behind{}).source(be32{0xc000'0201});
    return xdp::tx;
}
/// A rewrite that lasts: one update for what is done to it in several places.
BPFXX_XDP(in_parts, told)(xdp::packet packet) {
    auto [eth, ip, datagram, what] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, order>());
    auto change = packet.rewrite(ip, datagram);
    if (what->octet & 1) change.destination(what->number);
    if (what->octet & 2) change.destination(be32{0xc000'0202});
    if (what->octet & 4) return xdp::drop;
    change.source(what->other);
    return xdp::tx;
}
BPFXX_LICENSE("GPL");

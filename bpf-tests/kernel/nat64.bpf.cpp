// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A worked example: a stateless translator between IPv6 and IPv4 (RFC 7915), in one source for XDP and TC. IPv4 addresses
/// of servers are behind 64:ff9b::/96 (RFC 6052), those of clients behind 2001:db8:64::/96.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>
using namespace bpfxx;
using test::told;

BPFXX_LICENSE("GPL");

constexpr auto told_tc(reason why) -> tc::action { return test::told_as<tc::action>(why); }

/// The last 32 bits of an IPv6 address, and an address with these behind 96 others.
BPFXX_INLINE auto last_of(net::ip_address const &a) -> be32 {
    be32 v4{};
    v4.put(load<u32>(a.raw + 12));
    return v4;
}
template <u32 First, u32 Second> BPFXX_INLINE auto behind_prefix(be32 v4) -> net::ip_address {
    net::ip_address a;
    store(a.raw, network_order(First));
    store(a.raw + 4, network_order(Second));
    store(a.raw + 12, v4.wire());
    return a;
}
/// A header of TCP or UDP for another pseudo header, of which only the addresses differ.
BPFXX_INLINE auto moved(net::tcp const &from, checksum const &was, checksum const &is) -> net::tcp {
    auto to = from;
    to.checksum.put(
        checksum_update(from.checksum.wire(), static_cast<u16>(~was.value()), static_cast<u16>(~is.value())));
    return to;
}
BPFXX_INLINE auto moved(net::udp const &from, checksum const &was, checksum const &is) -> net::udp {
    auto to = from;
    to.checksum.put(
        checksum_update_nonzero(from.checksum.wire(), static_cast<u16>(~was.value()), static_cast<u16>(~is.value())));
    return to;
}

/// What both ways have in common. `link` and `ip` are of the packet, `other` is to stand for `ip`.
template <class Packet, class Link, class Ip, class Other>
BPFXX_INLINE auto translated(Packet packet, Link const &link, Ip const &ip, Other const &other) -> result<Packet> {
    auto const was = ip->pseudo_header(0), is = other.pseudo_header(0);
    if (ip->next() == net::tcp::id) {
        auto segment = BPFXX_TRY(ip.template next<net::tcp>());
        return move(packet).translate(link, other, as_is{moved(*segment, was, is)}, after(segment));
    }
    // Extension headers are not translated: what follows has to follow at once.
    if (ip->next() != net::udp::id) return reason::other_protocol;
    auto datagram = BPFXX_TRY(ip.template next<net::udp>());
    if (datagram->checksum == be16{0}) // IPv6 wants one
        return move(packet).translate(link, other, net::udp{.src = datagram->src, .dst = datagram->dst},
                                      behind(datagram));
    return move(packet).translate(link, other, as_is{moved(*datagram, was, is)}, after(datagram));
}

template <class Packet> BPFXX_INLINE auto to_v4(Packet packet) -> result<Packet> {
    auto [eth, ip] = BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv6>());
    if (ip->hop_limit < 2) return reason::other_protocol;
    net::ipv4 const other{.tos = ip->traffic_class(),
                          .ttl = static_cast<u8>(ip->hop_limit - 1),
                          .protocol = ip->next_header,
                          .src = last_of(ip->src),
                          .dst = last_of(ip->dst)};
    if (ip->next_header != net::icmpv6::id) return translated(packet, eth, ip, other);
    auto echo = BPFXX_TRY(ip.template next<net::icmpv6>());
    if (!echo->is_echo() && !echo->is_echo_reply()) return reason::other_protocol;
    auto const type = static_cast<u8>(echo->is_echo() ? 8 : 0);
    return move(packet).translate(eth, other, net::icmp{.type = type, .rest = echo->rest}, behind(echo));
}
template <class Packet> BPFXX_INLINE auto to_v6(Packet packet) -> result<Packet> {
    auto [eth, ip] = BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv4>());
    if (ip->ttl < 2) return reason::other_protocol;
    if (ip->fragment() || ip->more_fragments()) return reason::fragment;
    net::ipv6 const other{.version_class_flow = be32{0x6000'0000u | u32{ip->tos} << 20},
                          .next_header = ip->protocol,
                          .hop_limit = static_cast<u8>(ip->ttl - 1),
                          .src = behind_prefix<0x0064'ff9b, 0>(ip->src),
                          .dst = behind_prefix<0x2001'0db8, 0x0064'0000>(ip->dst)};
    if (ip->protocol != net::icmp::id) return translated(packet, eth, ip, other);
    auto echo = BPFXX_TRY(ip.template next<net::icmp>());
    if (!echo->is_echo() && !echo->is_echo_reply()) return reason::other_protocol;
    auto const type = static_cast<u8>(echo->is_echo() ? 128 : 129);
    return move(packet).translate(eth, other, net::icmpv6{.type = type, .rest = echo->rest}, behind(echo));
}

BPFXX_XDP(v6_to_v4, told)(xdp::packet packet) {
    BPFXX_TRY(to_v4(packet));
    return xdp::tx;
}
BPFXX_XDP(v4_to_v6, told)(xdp::packet packet) {
    BPFXX_TRY(to_v6(packet));
    return xdp::tx;
}
BPFXX_TC(v6_to_v4_tc, told_tc)(tc::packet packet) {
    BPFXX_TRY(to_v4(packet));
    return tc::ok;
}
BPFXX_TC(v4_to_v6_tc, told_tc)(tc::packet packet) {
    BPFXX_TRY(to_v6(packet));
    return tc::ok;
}

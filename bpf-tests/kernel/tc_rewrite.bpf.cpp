// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Rewrites of packets whose sums the kernel keeps books of. Each body is the same for XDP, which has no such books.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

#define BPFXX_TEST_BOTH(name)                                                                                          \
    BPFXX_XDP(name##_xdp, told)(xdp::packet packet) {                                                                  \
        return static_cast<xdp::action>(test::first_told + static_cast<int>(name(packet)));                            \
    }                                                                                                                  \
    BPFXX_TC(name##_tc, test::told_as<tc::action>)(tc::packet packet) {                                                \
        return static_cast<tc::action>(test::first_told + static_cast<int>(name(packet)));                             \
    }                                                                                                                  \
    static_assert(sizeof(#name) <= 12)

template <class Packet> BPFXX_INLINE auto nat44(Packet packet) -> reason {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv4, either<net::tcp, net::udp>>());
    move(packet).rewrite(ip, l4).source(be32{0xc000'0207}).source(be16{40'000});
    return reason::none;
}
BPFXX_TEST_BOTH(nat44);

/// Only what stands in the pseudo header.
template <class Packet> BPFXX_INLINE auto address(Packet packet) -> reason {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv4, either<net::tcp, net::udp>>());
    move(packet).rewrite(ip, l4).destination(be32{0xc000'0207});
    return reason::none;
}
BPFXX_TEST_BOTH(address);

template <class Packet> BPFXX_INLINE auto nat66(Packet packet) -> reason {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv6, either<net::tcp, net::udp, net::icmpv6>>());
    net::ip_address outside = ip->src;
    outside.raw[7] = 0x77;
    move(packet).rewrite(ip, l4).source(outside).template set<net::hops>(9);
    return reason::none;
}
BPFXX_TEST_BOTH(nat66);

/// Behind a rewrite the packet is parsed again.
template <class Packet> BPFXX_INLINE auto twice(Packet packet) -> reason {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv4, net::udp>());
    auto again = move(packet).rewrite(datagram).destination(be16{99}).done();
    auto [eth_2, ip_2, datagram_2] = BPFXX_TRY(again.template parse<exactly, net::ethernet, net::ipv4, net::udp>());
    auto const port = datagram_2->dst.value();
    move(again).rewrite(ip_2, datagram_2).source(be32{0xc000'0200u + static_cast<u32>(port)});
    return reason::none;
}
BPFXX_TEST_BOTH(twice);

/// What no checksum in the packet makes up for.
template <class Packet> BPFXX_INLINE auto bare(Packet packet) -> reason {
    auto [eth, tags, ip] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, up_to<1, net::vlan>, either<net::ipv4, net::ipv6>>());
    move(packet)
        .rewrite(eth, tags, ip)
        .source(net::mac_address{{2, 1, 2, 3, 4, 5}})
        .template set<net::vlan::identifier_field>(77)
        .template set<net::hops>(5)
        .template set<net::dscp>(10);
    return reason::none;
}
BPFXX_TEST_BOTH(bare);

template <class Packet> BPFXX_INLINE auto text(Packet packet) -> reason {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv4, either<net::tcp, net::udp>>());
    auto change = move(packet).rewrite(l4);
    auto const before = BPFXX_TRY(change.write(1, be32{0x6162'6364}));
    observe(reason::none, before);
    return reason::none;
}
BPFXX_TEST_BOTH(text);

/// The tunnel's checksum covers the frame inside.
template <class Packet> BPFXX_INLINE auto inside(Packet packet) -> reason {
    auto [eth, ip, datagram, tunnel, inner, inner_ip, segment] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, net::ipv4, net::udp, net::vxlan, net::ethernet,
                                        either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    move(packet)
        .rewrite(datagram, tunnel, inner, inner_ip, segment)
        .template set<&net::ethernet::dst>(net::mac_address{{2, 1, 2, 3, 4, 5}})
        .source(net::ip_address{be32{0x0102'0304}})
        .template set<&net::tcp::dst, &net::udp::dst>(be16{4321})
        .template set<net::hops>(3);
    return reason::none;
}
BPFXX_TEST_BOTH(inside);
BPFXX_LICENSE("GPL");

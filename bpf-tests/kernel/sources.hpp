// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// One parser for packets of every source: it is told only what they start with.
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

namespace sources {
using namespace bpfxx;

/// Leaves the ports, the size of the payload and how it starts.
template <class Layer> BPFXX_INLINE auto leave(Layer const &transport) -> void {
    u8 text[8];
    auto const n = transport.payload().copy_to(text);
    test::observe(reason::none, transport.source(), transport.destination(), transport.payload().size(), n,
                  network_order(load<u64>(text)), transport.payload().starts_with("GET "));
}
/// From the Ethernet header on: true if it is TCP or UDP.
template <class Packet> BPFXX_INLINE auto read_frame(Packet const &packet) -> result<bool> {
    auto [eth, tags, ip, transport] =
        BPFXX_TRY(packet.template parse<exactly, net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>,
                                        either<net::tcp, net::udp>>());
    leave(transport);
    return true;
}
/// From the IP header on.
template <class Packet> BPFXX_INLINE auto read_network(Packet const &packet) -> result<bool> {
    auto [ip, transport] =
        BPFXX_TRY(packet.template parse<exactly, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    leave(transport);
    return true;
}
} // namespace sources

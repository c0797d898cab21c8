// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IPv6 extension headers as headers of a chain and of a walk. Packets start with them: IPv6 would step over them.
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv6_option_headers.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(options, told)(xdp::packet packet) {
    auto [first, second, udp] =
        BPFXX_TRY(packet.parse<exactly, net::ipv6_hop_by_hop, net::ipv6_destination, net::udp>());
    observe(reason::none, first->length, first.options().size(), second.options().size(), second->first[0], udp->dst);
    return xdp::pass;
}
BPFXX_XDP(routed, told)(xdp::packet packet) {
    auto [routing, udp] = BPFXX_TRY(packet.parse<net::ipv6_routing, net::udp>());
    observe(reason::none, routing->length, routing.options().size(), udp->dst);
    return xdp::pass;
}
BPFXX_XDP(rare, told)(xdp::packet packet) {
    auto [one, two, three, udp] =
        BPFXX_TRY(packet.parse<net::ipv6_mobility, net::ipv6_host_identity, net::ipv6_shim6, net::udp>());
    observe(reason::none, one->length, two->length, three->length, udp->dst);
    return xdp::pass;
}
BPFXX_XDP(part, told)(xdp::packet packet) {
    auto [fragment, udp] = BPFXX_TRY(packet.parse<exactly, net::ipv6_fragment, maybe<net::udp>>());
    u64 port = 0;
    udp.then([&](net::udp const &header) BPFXX_LAMBDA { port = header.destination().value(); });
    observe(reason::none, fragment->fragment_offset(), fragment->more_fragments(), fragment->identification, port);
    return xdp::pass;
}

BPFXX_WALKER(over_options, xdp, net::ipv6_hop_by_hop, net::ipv6_routing, net::ipv6_fragment, net::ipv6_destination,
             net::ipv6_mobility, net::ipv6_host_identity, net::ipv6_shim6, net::udp);
BPFXX_XDP(walked_all)(xdp::packet packet) {
    u64 order = 0, sizes = 0;
    auto const end = walk<9, over_options>(packet, [&](auto const &h) BPFXX_LAMBDA {
        order = order << 4 | h.index();
        sizes += h.size();
    });
    observe(end.why, order, sizes, end.depth);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Programs at a cgroup: packets that start with their IP header, in both directions.
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_CGROUP_INGRESS(arrives)(cgroup_skb::packet packet) {
    auto [ip, udp] = BPFXX_TRY(packet.parse<net::ipv4, net::udp>());
    observe(reason::none, ip->ttl, udp->dst, udp.payload().size(), packet.length(), packet.payload().size());
    return udp->dst == net::udp_port{53} ? cgroup_skb::drop : cgroup_skb::allow;
}
BPFXX_CGROUP_EGRESS(leaves, cgroup_skb::drop)(cgroup_skb::packet packet) {
    auto [ip, l4] = BPFXX_TRY(packet.parse<either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    observe(reason::none, ip.is<net::ipv6>(), l4.is<net::udp>(), l4.destination(), l4.payload().size());
    return l4.destination() == be16{22} ? cgroup_skb::drop : cgroup_skb::allow;
}
BPFXX_INLINE constexpr auto only_broken(reason why) -> cgroup_skb::action {
    return why == reason::malformed || why == reason::truncated ? cgroup_skb::drop : cgroup_skb::allow;
}
BPFXX_COUNT(counted, counts, cgroup_skb::counters);
BPFXX_CGROUP_INGRESS(counted, only_broken)(cgroup_skb::packet packet) {
    auto const found = packet.parse<exactly, net::ipv4, net::udp>();
    observe(found.why());
    auto [ip, udp] = BPFXX_TRY(found);
    return udp.payload().starts_with("no") ? cgroup_skb::drop : cgroup_skb::allow;
}
/// A frame's header is not there.
BPFXX_CGROUP_INGRESS(no_frame)(cgroup_skb::packet packet) {
    auto const why = packet.parse<exactly, net::ethernet, net::ipv4>().why();
    observe(why, packet.payload().read<u8>().value_or(0));
    return cgroup_skb::allow;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// One parser's text in programs of three types, in one object.
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

using any_ip = either<net::ipv4, net::ipv6>;
using any_l4 = either<net::tcp, net::udp>;

/// What all of them want to know.
BPFXX_INLINE auto look(layer<any_ip> const &ip, layer<any_l4> const &l4) -> reason {
    auto const data = l4.payload();
    auto const word = data.read<be32>(l4.source().value()).value_or(be32{7});
    auto const at = data.find<32>("needle").value_or(99);
    observe(reason::none, ip.is<net::ipv6>(), l4.is<net::udp>(), l4.source(), l4.destination(), data.size(), word, at);
    return reason::none;
}
template <class Packet> BPFXX_INLINE auto of_frame(Packet const &packet) -> reason {
    auto const found = packet.template parse<exactly, net::ethernet, up_to<2, net::vlan>, any_ip, any_l4>();
    observe(found.why());
    auto const [eth, tags, ip, l4] = BPFXX_TRY(found);
    return look(ip, l4);
}

BPFXX_XDP(as_frame)(xdp::packet packet) {
    auto const why = of_frame(packet);
    return why == reason::none ? xdp::drop : xdp::pass;
}
BPFXX_TC(as_skb)(tc::packet packet) {
    auto const why = of_frame(packet);
    return why == reason::none ? tc::reclassify : tc::shot; // the same numbers
}
BPFXX_CGROUP_INGRESS(a_2345678901234)(cgroup_skb::packet packet) {
    auto const found = packet.parse<exactly, any_ip, any_l4>();
    observe(found.why());
    auto const [ip, l4] = BPFXX_TRY(found);
    return look(ip, l4) == reason::none ? cgroup_skb::allow : cgroup_skb::drop;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What all programs over skbs have: headers at the start, bytes, length; alternatives that nothing before has named.
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

template <class First, class Second> BPFXX_INLINE auto version(cgroup_skb::packet const &packet) -> reason {
    auto const found = packet.parse<exactly, either<First, Second>>();
    observe(found.why());
    auto const [ip] = BPFXX_TRY(found);
    observe(reason::none, ip.template is<net::ipv6>(), ip.payload().size(), test::number(ip.source().raw + 8));
    return reason::none;
}
BPFXX_CGROUP_EGRESS(four_or_six)(cgroup_skb::packet packet) {
    auto const why = version<net::ipv4, net::ipv6>(packet);
    return why == reason::none ? cgroup_skb::allow : cgroup_skb::drop;
}
BPFXX_CGROUP_EGRESS(six_or_four)(cgroup_skb::packet packet) {
    auto const why = version<net::ipv6, net::ipv4>(packet);
    return why == reason::none ? cgroup_skb::allow : cgroup_skb::drop;
}
/// Bounds are checked at once, and more headers follow.
BPFXX_CGROUP_EGRESS(merged)(cgroup_skb::packet packet) {
    auto [ip, l4] = BPFXX_TRY(packet.parse<either<net::ipv6, net::ipv4>, either<net::tcp, net::udp>>());
    observe(reason::none, ip.is<net::ipv6>(), l4.is<net::udp>(), l4.source(), l4.payload().size());
    return cgroup_skb::allow;
}
/// The packet that an error quotes, whichever it is.
BPFXX_TC(quoted, test::told_as<tc::action>)(tc::packet packet) {
    auto [eth, ip, message] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, net::icmp>());
    auto const found = message.payload().assume<exactly, either<net::ipv4, net::ipv6>, net::udp>();
    auto [inner, udp] = BPFXX_TRY(found);
    observe(reason::none, inner.is<net::ipv6>(), udp->dst);
    return tc::ok;
}

BPFXX_TC(bytes_of)(tc::packet packet) {
    auto const from = packet.whole();
    auto const all = packet.payload();
    u64 const same = packet.raw()->len == packet.length();
    observe(reason::none, packet.length(), all.size(), from.remaining(), same, all.read<be32>(6).value_or(be32{1}),
            all.starts_with("\x02\x00"), packet.interface_index(), packet.mark(), packet.priority());
    return tc::ok;
}
BPFXX_LICENSE("GPL");

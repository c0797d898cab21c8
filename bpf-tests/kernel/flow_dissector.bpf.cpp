// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Flow dissectors: verdicts, policies, chains from the network header on, keys in and out, counters.
#include <bpfxx/kernel/flow_dissector.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

/// Two protocols are all that it knows.
template <class Packet> BPFXX_INLINE auto ports_of(Packet const &packet) -> flow_dissector::verdict<> {
    auto &keys = packet.keys();
    auto [ip, l4] = BPFXX_TRY(packet.template parse<either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    keys.set_ports(l4.source(), l4.destination());
    keys.ip_proto = l4.template is<net::udp>() ? 17 : 6;
    observe(reason::none, keys.nhoff, keys.thoff, keys.n_proto, keys.flags, packet.payload().size());
    return flow_dissector::ok;
}
BPFXX_FLOW_DISSECTOR(by_default)(flow_dissector::packet packet) { return ports_of(packet).code; }
BPFXX_COUNT(counted, counts, flow_dissector::counters);
BPFXX_FLOW_DISSECTOR(counted, flow_dissector::drop)(flow_dissector::packet packet) {
    auto [ip, udp] = BPFXX_TRY(packet.parse<exactly, net::ipv4, net::udp>());
    auto &keys = packet.keys();
    keys.set_ipv4(ip->src, ip->dst);
    keys.is_frag = ip->more_fragments();
    if (keys.wants(flow_dissector::stop_at_encapsulation)) return flow_dissector::fall_back;
    keys.nhoff = 0xffff; // the kernel keeps offsets within the packet
    keys.thoff = 3;
    return flow_dissector::ok;
}
BPFXX_LICENSE("GPL");

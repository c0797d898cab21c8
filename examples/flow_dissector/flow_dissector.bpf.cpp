// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Tells the kernel which bytes of a packet make a flow: addresses, ports, flow label; through VLAN tags, tunnels and
/// extension headers. It finds what the kernel's own dissectors find (Linux 5.10; `fall_back` needs 6.1).
#include "flow_dissector.hpp"
#include <bpfxx/kernel/flow_dissector.hpp>
#include <bpfxx/kernel/walker.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_WALKER(headers, flow_dissector, dissector::known);

namespace {
/// What is known of the walk so far.
struct state {
    u32 tags;
    bool in_ip; // behind this header an IP protocol is named, not an EtherType
    flow_dissector::action answer;
};

/// Whether the walk goes on behind a header of this kind, which ends at `behind`.
BPFXX_INLINE auto enter(net::ethernet const &, flow_dissector::keys &keys, state &s, u32 behind) -> bool {
    s.in_ip = false; // a frame in a tunnel
    keys.thoff = static_cast<u16>(behind);
    return true;
}
BPFXX_INLINE auto enter(net::vlan const &tag, flow_dissector::keys &keys, state &s, u32 behind) -> bool {
    s.in_ip = false;
    if (++s.tags > dissector::most_tags) {
        s.answer = flow_dissector::drop;
        return false;
    }
    if (!keys.is_encap) {
        keys.nhoff = static_cast<u16>(behind);
        keys.n_proto = be16{static_cast<u16>(tag.type.value())};
    }
    keys.thoff = static_cast<u16>(behind);
    return true;
}
BPFXX_INLINE auto enter(net::mpls const &, flow_dissector::keys &, state &, u32) -> bool { return false; }

/// Of a fragment only the first has ports, and only who asks for them gets them.
BPFXX_INLINE auto is_enough(flow_dissector::keys &keys, bool later) -> bool {
    keys.is_frag = 1;
    if (later) return true;
    keys.is_first_frag = 1;
    return !keys.wants(flow_dissector::parse_first_fragment);
}
/// Behind a header of IP: whether to look at what it names.
BPFXX_INLINE auto goes_on(flow_dissector::keys &keys, net::ip_proto next) -> bool {
    if (next != net::ip_proto{4} && next != net::ip_proto{41}) return true;
    keys.is_encap = 1;
    return !keys.wants(flow_dissector::stop_at_encapsulation);
}
BPFXX_INLINE auto enter(dissector::ipv4 const &ip, flow_dissector::keys &keys, state &s, u32 behind) -> bool {
    if (keys.addr_proto == 0 && ip.src == dissector::left_to_the_kernel) {
        s.answer = flow_dissector::fall_back;
        return false;
    }
    s.in_ip = true;
    keys.set_ipv4(ip.src, ip.dst);
    keys.ip_proto = static_cast<u8>(ip.protocol);
    keys.thoff = static_cast<u16>(behind);
    if ((ip.more_fragments() || ip.fragment()) && is_enough(keys, ip.fragment())) return false;
    return goes_on(keys, ip.protocol);
}
BPFXX_INLINE auto enter(dissector::ipv6 const &ip, flow_dissector::keys &keys, state &s, u32 behind) -> bool {
    s.in_ip = true;
    keys.set_ipv6(ip.src.raw, ip.dst.raw);
    keys.ip_proto = static_cast<u8>(ip.next_header);
    keys.thoff = static_cast<u16>(behind);
    keys.flow_label = be32{ip.flow_label()};
    if (ip.flow_label() != 0 && keys.wants(flow_dissector::stop_at_flow_label)) return false;
    return goes_on(keys, ip.next_header);
}
template <u8 Number>
BPFXX_INLINE auto enter(net::ipv6_option_header<Number> const &options, flow_dissector::keys &keys, state &, u32 behind)
    -> bool {
    keys.ip_proto = static_cast<u8>(options.next_header);
    keys.thoff = static_cast<u16>(behind);
    return goes_on(keys, options.next_header);
}
BPFXX_INLINE auto enter(net::ipv6_fragment const &part, flow_dissector::keys &keys, state &, u32 behind) -> bool {
    keys.ip_proto = static_cast<u8>(part.next_header);
    keys.thoff = static_cast<u16>(behind);
    return !is_enough(keys, part.fragment()) && goes_on(keys, part.next_header);
}
BPFXX_INLINE auto enter(dissector::gre const &tunnel, flow_dissector::keys &keys, state &s, u32 behind) -> bool {
    if ((tunnel.version & 7) != 0) return false; // PPTP's
    s.in_ip = false;
    keys.is_encap = 1;
    keys.thoff = static_cast<u16>(behind);
    return !keys.wants(flow_dissector::stop_at_encapsulation);
}
template <dissector::transport H>
BPFXX_INLINE auto enter(H const &header, flow_dissector::keys &keys, state &, u32) -> bool {
    if constexpr (requires { header.source(); }) keys.set_ports(header.source(), header.destination());
    return false;
}
} // namespace

BPFXX_FLOW_DISSECTOR(dissect)(flow_dissector::packet packet) {
    auto &keys = packet.keys();
    state s{0, false, flow_dissector::ok};
    auto const see = [&](auto const &found) BPFXX_LAMBDA {
        bool more = false;
        found.visit([&](auto const &header)
                        BPFXX_LAMBDA { more = enter(header, keys, s, found.offset() + found.size()); });
        return more;
    };
    auto const first = headers::key_of(net::ether_type{keys.n_proto.value()});
    auto const end = walk<dissector::most_headers, headers>(packet, see, first, keys.nhoff);
    switch (end.why) {
    case reason::none:
    case reason::fragment:
    case reason::too_deep: return s.answer;
    // Of what has no ports, addresses make the flow.
    case reason::other_protocol: return s.in_ip ? flow_dissector::ok : flow_dissector::drop;
    default: return flow_dissector::drop;
    }
}

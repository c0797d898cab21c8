// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ICMPv6 needs IPv6 below it, and a VLAN tag is none.
// EXPECT: cannot stand directly behind
// EXPECT: net::vlan
// EXPECT: net::icmpv6
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::vlan, net::ipv6, net::icmpv6>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::vlan, net::icmpv6>() ? xdp::drop : xdp::pass;
#endif
}

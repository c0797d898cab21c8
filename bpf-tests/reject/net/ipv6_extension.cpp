// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Extension headers are stepped over on the way to what IPv6 carries; a chain does not name them.
// EXPECT: a header that stands behind another needs an id
// EXPECT: ipv6_extension
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/icmpv6.hpp>
#include <bpfxx/net/ipv6.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv6, net::icmpv6>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv6, net::ipv6_extension>() ? xdp::drop : xdp::pass;
#endif
}

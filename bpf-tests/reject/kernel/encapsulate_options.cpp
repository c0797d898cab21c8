// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A copy of an IPv4 header that may have options would leave them out.
// EXPECT: a copy would leave them out
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, outer, inner] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::ipv4>());
#ifdef BPFXX_ACCEPT
    return move(packet).decapsulate(eth, inner) ? xdp::tx : xdp::drop;
#else
    return move(packet).decapsulate(eth, outer, inner) ? xdp::tx : xdp::drop;
#endif
}

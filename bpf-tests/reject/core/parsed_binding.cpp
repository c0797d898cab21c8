// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Layers that were not checked cannot be named.
// EXPECT: parsed<
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [ip, segment] = BPFXX_TRY(packet.parse<net::ipv4, net::tcp>());
    return segment->syn() ? xdp::drop : xdp::pass;
#else
    auto [ip, segment] = packet.parse<net::ipv4, net::tcp>();
    return segment->syn() ? xdp::drop : xdp::pass;
#endif
}

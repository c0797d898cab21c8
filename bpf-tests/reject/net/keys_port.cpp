// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The ports of TCP and of UDP are two key spaces.
// EXPECT: a key is compared with a key of its own space
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->dst == net::tcp_port{80} ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->dst == net::udp_port{80} ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Another id is another place: the one that the header itself names is none any more.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: with_id<
// EXPECT: net::vxlan
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
using namespace bpfxx;

using moved = with_id<net::vxlan, net::tcp_port{4789}>;
BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::tcp, moved>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::udp, moved>() ? xdp::drop : xdp::pass;
#endif
}

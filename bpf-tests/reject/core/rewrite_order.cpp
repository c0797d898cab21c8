// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Layers are named from the outside in.
// EXPECT: name that layer too
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
#ifdef BPFXX_ACCEPT
    packet.rewrite(ip, datagram).source(be32{1});
#else
    packet.rewrite(datagram, ip).source(be32{1});
#endif
    return xdp::pass;
}

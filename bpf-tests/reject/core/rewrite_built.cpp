// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A length changes only together with what it is the length of.
// EXPECT: this field says how the packet is built
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
#ifdef BPFXX_ACCEPT
    packet.rewrite(datagram).set<&net::udp::src>(be<net::udp_port>{net::udp_port{7}});
#else
    packet.rewrite(datagram).set<&net::udp::length>(be16{7});
#endif
    return xdp::pass;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No source of these layers has this type.
// EXPECT: none of these layers has such a field, or not of this type
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
#ifdef BPFXX_ACCEPT

#else
    packet.rewrite(datagram).source(be64{7});
#endif
    return xdp::pass;
}

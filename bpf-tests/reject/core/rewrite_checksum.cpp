// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A checksum is not set.
// EXPECT: a checksum follows from what it covers: it is not set
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
#ifdef BPFXX_ACCEPT

#else
    packet.rewrite(datagram).set<&net::udp::checksum>(be16{7});
#endif
    return xdp::pass;
}

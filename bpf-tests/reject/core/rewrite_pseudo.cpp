// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A UDP checksum covers the addresses of the IP header before it.
// EXPECT: name that layer too, rewrite(ip, segment), or rewrite(ip, no_checksum_behind{})
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
    packet.rewrite(ip).source(be32{1});
#endif
    return xdp::pass;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// How much of a packet DCCP's checksum covers each packet says: no change is added to it.
// EXPECT: the checksum of the next layer covers this field
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dccp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, packet_of] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::dccp>());
#ifdef BPFXX_ACCEPT
    packet.rewrite(ip).set<&net::ipv4::ttl>(u8{7});
#else
    packet.rewrite(ip, packet_of).source(be32{1});
#endif
    return xdp::pass;
}

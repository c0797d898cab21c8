// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// SCTP has a CRC32c over itself and all its chunks; addresses are not in it.
// EXPECT: the checksum of this header is none that a change could be added to
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/sctp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, packet_of] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::sctp>());
#ifdef BPFXX_ACCEPT
    packet.rewrite(ip, packet_of).source(be32{1});
#else
    packet.rewrite(ip, packet_of).source(be16{1});
#endif
    return xdp::pass;
}

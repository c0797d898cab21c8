// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// SCTP carries chunks, and no port says otherwise.
// EXPECT: cannot stand directly behind
// EXPECT: net::sctp
// EXPECT: net::udp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::sctp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::sctp, net::udp>() ? xdp::drop : xdp::pass;
#endif
}

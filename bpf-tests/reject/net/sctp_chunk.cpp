// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A chunk stands behind SCTP's common header.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::sctp_chunk
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/sctp_chunk.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::sctp, net::sctp_chunk>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::sctp_chunk>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Wire values of two widths.
// EXPECT: be32'
// EXPECT: be16'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->seq == segment->ack ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->seq == segment->window ? xdp::drop : xdp::pass;
#endif
}

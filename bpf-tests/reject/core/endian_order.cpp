// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Wire values have no order: their value() has.
// EXPECT: be32'
// EXPECT: int'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->seq.value() > 5u ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->seq > 5u ? xdp::drop : xdp::pass;
#endif
}

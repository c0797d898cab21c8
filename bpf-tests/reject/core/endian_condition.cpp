// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A wire value is no condition.
// EXPECT: be32'
// EXPECT: 'bool'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->seq.value() ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->seq ? xdp::drop : xdp::pass;
#endif
}

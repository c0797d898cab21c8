// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An integer is no wire value.
// EXPECT: a wire value is not an integer: assign be16{80}
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = *BPFXX_TRY(packet.parse<net::tcp>());
    segment.window = be16{80};
    return segment.window == be16{80} ? xdp::drop : xdp::pass;
#else
    auto segment = *BPFXX_TRY(packet.parse<net::tcp>());
    segment.window = 80;
    return segment.window == be16{80} ? xdp::drop : xdp::pass;
#endif
}

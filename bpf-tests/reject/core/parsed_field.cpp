// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A layer that was not checked has no fields.
// EXPECT: not checked yet
// EXPECT: BPFXX_TRY
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->syn() ? xdp::drop : xdp::pass;
#else
    auto segment = packet.parse<net::tcp>();
    return segment->syn() ? xdp::drop : xdp::pass;
#endif
}

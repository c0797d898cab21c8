// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Nobody can add to bytes of unknown order.
// EXPECT: be16'
// EXPECT: 'int'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return be16{80} == be16{static_cast<u16>(segment->window.value() + 1)} ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return be16{80} == be16{static_cast<u16>(segment->window + 1)} ? xdp::drop : xdp::pass;
#endif
}

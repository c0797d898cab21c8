// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A wire value is compared with a wire value, or its value() with an integer.
// EXPECT: a wire value is not an integer
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->window.value() == 80 && segment->window == be16{80} ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return segment->window == 80 ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A wire value does not become an integer by itself.
// EXPECT: be32'
// EXPECT: u32'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    u32 const sequence = segment->seq.value();
    return sequence == 1 ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    u32 const sequence = segment->seq;
    return sequence == 1 ? xdp::drop : xdp::pass;
#endif
}

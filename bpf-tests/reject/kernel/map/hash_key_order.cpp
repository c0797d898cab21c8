// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A map whose keys are in machine order is not asked with wire values.
// EXPECT: be32'
// EXPECT: unsigned int
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_MAP(seen, spec::hash<u32, u8, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return seen.contains(segment->seq.value()) ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return seen.contains(segment->seq) ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The index of an array is a number of the machine.
// EXPECT: be16'
// EXPECT: u32
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_MAP(slots, spec::array<u64, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return slots.lookup(segment->window.value()) ? xdp::drop : xdp::pass;
#else
    auto segment = BPFXX_TRY(packet.parse<net::tcp>());
    return slots.lookup(segment->window) ? xdp::drop : xdp::pass;
#endif
}

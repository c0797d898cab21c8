// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Room for a record has one owner, who gives it back once.
// EXPECT: deleted
// EXPECT: reserved<
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_MAP(events, spec::ring_buffer<4096>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto record = events.reserve<u64>();
    return record.submit([](u64 &r) BPFXX_LAMBDA { r = 1; }) ? xdp::drop : xdp::pass;
#else
    auto record = events.reserve<u64>();
    auto other = record;
    return other.submit([](u64 &r) BPFXX_LAMBDA { r = 1; }) ? xdp::drop : xdp::pass;
#endif
}

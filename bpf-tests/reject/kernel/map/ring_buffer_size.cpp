// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel refuses a ring buffer of this size when it is loaded: here it does not compile.
// EXPECT: a ring buffer is a power of two
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_MAP(events, spec::ring_buffer<8192>);
#else
BPFXX_MAP(events, spec::ring_buffer<5000>);
#endif

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    u64 const now = 2;
    return events.output(now) ? xdp::drop : xdp::pass;
#else
    u64 const now = 1;
    return events.output(now) ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A value that may not be there is not touched before it is known to be.
// EXPECT: there may be none: take it with .then(...), .value_or(...) or BPFXX_TRY(...)
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_MAP(slots, spec::array<u64, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    slots.lookup(packet.queue()).then([](u64 &n) BPFXX_LAMBDA { ++n; });
#else
    ++*slots.lookup(packet.queue());
#endif
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The value of a per-CPU array is of its type.
// EXPECT: tally
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct tally {
    u64 packets, bytes;
};
BPFXX_MAP(tallies, spec::per_cpu_array<tally, 4>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    tallies.update(0, tally{1, 60});
    return xdp::pass;
#else
    tallies.update(0, 1);
    return xdp::pass;
#endif
}

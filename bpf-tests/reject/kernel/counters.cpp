// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counters behind the program whose verdicts they count would stay empty.
// EXPECT: BPFXX_COUNT stands before the program that it counts
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_COUNT(reject, counters);
#endif
BPFXX_XDP(reject)(xdp::packet) { return xdp::pass; }
#ifdef BPFXX_ACCEPT
BPFXX_COUNT(other, others);
#else
BPFXX_COUNT(reject, counters);
#endif

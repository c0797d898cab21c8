// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A struct with a number of no byte order.
// EXPECT: bytes of a packet have no alignment and no byte order
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct raw {
    u64 count;
};
struct wire {
    le64 count;
};

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return BPFXX_TRY(packet.payload().read<wire>()).count.value() == 1 ? xdp::drop : xdp::pass;
#else
    return BPFXX_TRY(packet.payload().read<raw>()).count == 1 ? xdp::drop : xdp::pass;
#endif
}

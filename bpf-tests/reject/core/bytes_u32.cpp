// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A number of four bytes has a byte order.
// EXPECT: bytes of a packet have no alignment and no byte order
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return BPFXX_TRY(packet.payload().read<be32>(4)).value() == 1 ? xdp::drop : xdp::pass;
#else
    return BPFXX_TRY(packet.payload().read<u32>(4)) == 1 ? xdp::drop : xdp::pass;
#endif
}

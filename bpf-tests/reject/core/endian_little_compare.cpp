// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A little-endian value is no integer either.
// EXPECT: a wire value is not an integer
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return BPFXX_TRY(packet.payload().read<le16>()).value() == 1 ? xdp::drop : xdp::pass;
#else
    return BPFXX_TRY(packet.payload().read<le16>()) == 1 ? xdp::drop : xdp::pass;
#endif
}

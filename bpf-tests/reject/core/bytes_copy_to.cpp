// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A copy that no stack has room for.
// EXPECT: a program's memory is small
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    u8 out[256];
    return packet.payload().copy_to(out) == 0 ? xdp::drop : xdp::pass;
#else
    u8 out[257];
    return packet.payload().copy_to(out) == 0 ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A search for nothing.
// EXPECT: every place holds the empty text
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().find<64>(" ") ? xdp::drop : xdp::pass;
#else
    return packet.payload().find<64>("") ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A view may be a copy: nothing is written to it.
// EXPECT: no member named 'rewrite'
#include <bpfxx/kernel/xdp_frags.hpp>
using namespace bpfxx;

BPFXX_XDP_FRAGS(reject)(xdp_frags::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.length() > 60 ? xdp::drop : xdp::pass;
#else
    packet.rewrite();
    return xdp::pass;
#endif
}

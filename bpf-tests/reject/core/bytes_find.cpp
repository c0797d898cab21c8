// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A search without a bound.
// EXPECT: a search is bounded:
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().find<64>("GET") ? xdp::drop : xdp::pass;
#else
    return packet.payload().find("GET") ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A search that the verifier would not bear.
// EXPECT: a search is bounded:
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().find<4096>("GET") ? xdp::drop : xdp::pass;
#else
    return packet.payload().find<5000>("GET") ? xdp::drop : xdp::pass;
#endif
}

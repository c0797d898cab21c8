// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// True is no action.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().empty() ? xdp::drop : xdp::pass;
#else
    return packet.payload().empty();
#endif
}

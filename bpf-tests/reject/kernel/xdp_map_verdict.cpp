// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The verdicts are XDP's.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/xdp_map.hpp>
using namespace bpfxx;

BPFXX_XDP_DEVMAP(reject)(xdp_devmap::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.leaves_by() == 1 ? xdp::drop : xdp::pass;
#else
    return packet.leaves_by() == 1;
#endif
}

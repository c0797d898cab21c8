// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The verdicts are XDP's.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/xdp_frags.hpp>
using namespace bpfxx;

BPFXX_XDP_FRAGS(reject)(xdp_frags::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.length() > 60 ? xdp::drop : xdp::pass;
#else
    return packet.length() > 60 ? tc::shot : tc::ok;
#endif
}

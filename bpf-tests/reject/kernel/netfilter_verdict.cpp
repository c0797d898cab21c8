// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The verdicts are netfilter's.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/netfilter.hpp>
using namespace bpfxx;

BPFXX_NETFILTER(reject)(netfilter::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.length() > 60 ? netfilter::drop : netfilter::accept;
#else
    return packet.length() > 60 ? xdp::drop : xdp::pass;
#endif
}

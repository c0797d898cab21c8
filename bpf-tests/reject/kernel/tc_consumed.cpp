// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A packet that was given away is another one now.
// BPF ONLY
// EXPECT: while it is in the 'consumed' state
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
using namespace bpfxx;

BPFXX_TC(reject)(tc::packet packet) {
    auto longer = BPFXX_TRY(move(packet).grow_tail(4));
#ifdef BPFXX_ACCEPT
    auto eth = BPFXX_TRY(longer.parse<net::ethernet>());
#else
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
#endif
    return eth->src.is_group() ? tc::shot : tc::ok;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A pull moves the bytes, so it takes the packet: what was parsed before cannot be read any more.
// EXPECT: pull() takes the packet and gives another one
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
using namespace bpfxx;

BPFXX_TC(reject)(tc::packet packet) {
#ifdef BPFXX_ACCEPT
    auto const linear = BPFXX_TRY(move(packet).pull(100));
#else
    auto const linear = BPFXX_TRY(packet.pull(100));
#endif
    return linear.payload().empty() ? tc::shot : tc::ok;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// XDP's action is none of TC's, though its number might be.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_TC(reject)(tc::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().empty() ? tc::shot : tc::ok;
#else
    return xdp::drop;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A format has a conversion for each value.
// EXPECT: the format has other conversions than there are values, or for other types
#include <bpfxx/kernel/print.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    u64 const number = packet.queue();
#ifdef BPFXX_ACCEPT
    BPFXX_PRINT("%llu", number);
#else
    BPFXX_PRINT("%llu %d", number);
#endif
    return xdp::pass;
}

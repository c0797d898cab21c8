// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A result that was not checked has no value.
// EXPECT: result<
// EXPECT: 'value'
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return BPFXX_TRY(packet.payload().read<be16>()).value() == 1 ? xdp::drop : xdp::pass;
#else
    return packet.payload().read<be16>().value() == 1 ? xdp::drop : xdp::pass;
#endif
}

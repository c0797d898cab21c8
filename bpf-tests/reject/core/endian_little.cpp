// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Bytes of one order are not compared with those of the other.
// EXPECT: le<
// EXPECT: be16
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return BPFXX_TRY(packet.payload().read<le16>()) == le16{1} ? xdp::drop : xdp::pass;
#else
    return BPFXX_TRY(packet.payload().read<le16>()) == be16{1} ? xdp::drop : xdp::pass;
#endif
}

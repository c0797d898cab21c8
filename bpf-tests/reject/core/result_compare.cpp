// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A result that was not checked equals nothing.
// EXPECT: result<
// EXPECT: be16
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().read<be16>().value_or(be16{}) == be16{1} ? xdp::drop : xdp::pass;
#else
    return packet.payload().read<be16>() == be16{1} ? xdp::drop : xdp::pass;
#endif
}

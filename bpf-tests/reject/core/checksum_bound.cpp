// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A sum without an end.
// EXPECT: a sum is bounded
#include <bpfxx/core/checksum.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return checksum{}.add_bytes<128>(packet.payload()).value() == 0 ? xdp::drop : xdp::pass;
#else
    return checksum{}.add_bytes<4096>(packet.payload()).value() == 0 ? xdp::drop : xdp::pass;
#endif
}

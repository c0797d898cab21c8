// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A header of an odd size has no place in a sum of words.
// EXPECT: an odd byte would stand in the wrong half of its word
#include <bpfxx/core/checksum.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct odd {
    u8 a[3];
};
struct even {
    u8 a[4];
};

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto h = BPFXX_TRY(packet.parse<even>());
    return checksum{}.add(*h).value() == 0 ? xdp::drop : xdp::pass;
#else
    auto h = BPFXX_TRY(packet.parse<odd>());
    return checksum{}.add(*h).value() == 0 ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Packets have no alignment, so a struct that has one is no header.
// EXPECT: a header is a struct of bytes and wire values
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct aligned {
    u32 word;
};
struct plain {
    be32 word;
};

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<plain>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<aligned>() ? xdp::drop : xdp::pass;
#endif
}

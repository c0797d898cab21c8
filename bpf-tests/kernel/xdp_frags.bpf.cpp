// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The same parser as everywhere, on frames of which any part may be in another buffer.
#include <bpfxx/kernel/xdp_frags.hpp>
#include <kernel/sources.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_COUNT(frags, counts);
BPFXX_XDP_FRAGS(frags, test::told)(xdp_frags::packet packet) {
    BPFXX_TRY(sources::read_frame(packet));
    return xdp::drop;
}
BPFXX_XDP_FRAGS(far)(xdp_frags::packet packet) {
    test::observe(reason::none, packet.length(), BPFXX_TRY(packet.load<be32>(4000)), packet.interface_index(),
                  packet.queue());
    return xdp::tx;
}

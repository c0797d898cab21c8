// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A number of a stream has a byte order.
// EXPECT: bytes of a stream have no alignment and no byte order
#include <bpfxx/kernel/sk_skb.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
using length = be16;
#else
using length = u16;
#endif

BPFXX_STREAM_VERDICT(reject)(sk_skb::packet packet) {
    auto const first = BPFXX_TRY(packet.load<length>());
    return first == length{7} ? sk_skb::drop : sk_skb::pass;
}

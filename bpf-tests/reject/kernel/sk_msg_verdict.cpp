// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The action of another type of program is none.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/sk_msg.hpp>
using namespace bpfxx;

BPFXX_SK_MSG(reject)(sk_msg::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().empty() ? sk_msg::drop : sk_msg::pass;
#else
    return packet.payload().empty() ? xdp::drop : xdp::pass;
#endif
}

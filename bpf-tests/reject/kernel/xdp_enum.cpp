// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An action of another kind of program.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

enum other_action : int { shot = 2 };

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().empty() ? xdp::drop : xdp::pass;
#else
    return shot;
#endif
}

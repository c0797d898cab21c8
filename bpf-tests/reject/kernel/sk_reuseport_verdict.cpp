// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The verdicts are its own.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/sk_reuseport.hpp>
using namespace bpfxx;

BPFXX_SK_REUSEPORT(reject)(sk_reuseport::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.length() > 60 ? sk_reuseport::drop : sk_reuseport::pass;
#else
    return packet.length() > 60 ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The verdicts are those of routes.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/lwt.hpp>
using namespace bpfxx;

BPFXX_LWT_OUT(reject)(lwt::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.length() > 60 ? lwt::drop : lwt::ok;
#else
    return packet.length() > 60 ? tc::shot : tc::ok;
#endif
}

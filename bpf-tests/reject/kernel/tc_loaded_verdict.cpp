// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The verdicts are TC's.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/tc_loaded.hpp>
using namespace bpfxx;

BPFXX_TC_LOADED(reject)(tc_loaded::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.length() > 60 ? tc::shot : tc::ok;
#else
    return packet.length() > 60 ? xdp::drop : xdp::pass;
#endif
}

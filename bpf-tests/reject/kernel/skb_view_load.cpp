// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What is loaded has its byte order in its type.
// EXPECT: bytes of a packet have no alignment and no byte order
#include <bpfxx/kernel/tc_loaded.hpp>
using namespace bpfxx;

BPFXX_TC_LOADED(reject)(tc_loaded::packet packet) {
#ifdef BPFXX_ACCEPT
    return BPFXX_TRY(packet.load<be16>(12)).value() == 0x0800 ? tc::ok : tc::shot;
#else
    return BPFXX_TRY(packet.load<u16>(12)) == 8 ? tc::ok : tc::shot;
#endif
}

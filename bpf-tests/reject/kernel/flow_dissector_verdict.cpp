// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TC's action is none of a flow dissector's.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/flow_dissector.hpp>
#include <bpfxx/kernel/tc.hpp>
using namespace bpfxx;

BPFXX_FLOW_DISSECTOR(reject)(flow_dissector::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().empty() ? flow_dissector::drop : flow_dissector::ok;
#else
    return tc::ok;
#endif
}

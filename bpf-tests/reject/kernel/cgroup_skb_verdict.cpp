// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TC's action is none of a cgroup's program.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/tc.hpp>
using namespace bpfxx;

BPFXX_CGROUP_INGRESS(reject)(cgroup_skb::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().empty() ? cgroup_skb::drop : cgroup_skb::allow;
#else
    return tc::ok;
#endif
}

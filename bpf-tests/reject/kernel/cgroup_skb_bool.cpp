// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A truth value does not say whether it means to drop or to allow.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/cgroup_skb.hpp>
using namespace bpfxx;

BPFXX_CGROUP_EGRESS(reject)(cgroup_skb::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.payload().empty() ? cgroup_skb::drop : cgroup_skb::allow;
#else
    return packet.payload().empty();
#endif
}

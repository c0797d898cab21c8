// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at a cgroup's sockets (Linux 4.10): what they receive or send, from the IP header on.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/skb.hpp>

namespace bpfxx::cgroup_skb {
using skb::context;
using skb::packet;
template <auto Policy = allow, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which the macros know them.
template <bool Counted, auto Policy = allow> using verdict_of = verdict<Policy, Counted>;

/// The verifier asks what number such a program ends with, and from then on tells all values apart that it was computed from,
/// back to the program's start. So it is computed from none: a branch chooses.
BPFXX_INLINE auto last_word(action a) -> int {
    auto code = opaque(static_cast<int>(drop));
    if (a != drop) code = opaque(static_cast<int>(allow));
    return code;
}
} // namespace bpfxx::cgroup_skb

/// BPFXX_CGROUP_INGRESS(name)(cgroup_skb::packet packet) { … }: packets that arrive. A policy may follow the name.
#define BPFXX_CGROUP_INGRESS(name, ...) BPFXX_ENTRY(cgroup_skb, "cgroup_skb/ingress", name __VA_OPT__(, ) __VA_ARGS__)
/// The same for packets that leave.
#define BPFXX_CGROUP_EGRESS(name, ...) BPFXX_ENTRY(cgroup_skb, "cgroup_skb/egress", name __VA_OPT__(, ) __VA_ARGS__)

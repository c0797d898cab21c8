// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TC programs (Linux 4.1; as documented here 5.10), at a clsact qdisc or, from 6.6 on, at a tcx hook.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/skb.hpp>

namespace bpfxx::tc {
using skb::context;
template <auto Policy = unspec, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_TC knows them.
template <bool Counted, auto Policy = unspec> using verdict_of = verdict<Policy, Counted>;

/// A frame from its Ethernet header on.
class packet : public skb::packet {
  public:
    using skb::packet::packet;
    /// The packet with its first n bytes linear, or as many as it has. What was parsed before is void.
    BPFXX_INLINE auto pull(u32 n) && -> result<packet> {
        if (!pulled(n)) return reason::truncated;
        return packet{raw()};
    }
    __attribute__((unavailable("pull() takes the packet and gives another one: move(packet).pull(n)"))) //
    auto
    pull(u32 n) const & -> result<packet>;
    BPFXX_INLINE auto set_mark(u32 mark) const -> void { raw()->mark = mark; }
    BPFXX_INLINE auto set_priority(u32 priority) const -> void { raw()->priority = priority; }
};
} // namespace bpfxx::tc

/// BPFXX_TC(name)(tc::packet packet) { … }, or BPFXX_TC(name, tc::shot)(…): what becomes of packets of another form.
#define BPFXX_TC(name, ...) BPFXX_ENTRY(tc, "tc", name __VA_OPT__(, ) __VA_ARGS__)

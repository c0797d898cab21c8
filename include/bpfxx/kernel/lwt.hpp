// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at a route (Linux 4.10; as documented here 5.10): ip route add … encap bpf in|out|xmit. Packets start with the
/// IP header.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/skb.hpp>

namespace bpfxx::lwt {
using skb::context;
template <auto Policy = ok, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which the macros know them.
template <bool Counted, auto Policy = ok> using verdict_of = verdict<Policy, Counted>;

/// What is received or sent by the route. The kernel lets only programs of its third hook change it.
class packet : public skb::packet {
  public:
    using of_a_cgroup = void;
    using skb::packet::packet;
    /// The packet with its first n bytes linear, or as many as it has. What was parsed before is void.
    BPFXX_INLINE auto pull(u32 n) && -> result<packet> {
        if (!pulled(n)) return reason::truncated;
        return packet{raw()};
    }
};
} // namespace bpfxx::lwt

/// BPFXX_LWT_IN(name)(lwt::packet packet) { … }: packets for this machine that the route receives. A policy may follow the
/// name.
#define BPFXX_LWT_IN(name, ...) BPFXX_ENTRY(lwt, "lwt_in", name __VA_OPT__(, ) __VA_ARGS__)
/// Packets of this machine that the route sends, before they are routed.
#define BPFXX_LWT_OUT(name, ...) BPFXX_ENTRY(lwt, "lwt_out", name __VA_OPT__(, ) __VA_ARGS__)
/// All packets that the route sends, right before the neighbour's address is put in front of them.
#define BPFXX_LWT_XMIT(name, ...) BPFXX_ENTRY(lwt, "lwt_xmit", name __VA_OPT__(, ) __VA_ARGS__)

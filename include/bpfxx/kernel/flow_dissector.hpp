// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Flow dissectors of a network namespace (Linux 4.20): they tell which bytes of a packet make a flow.
#include <bpfxx/core/chain.hpp>
#include <bpfxx/core/flow_keys.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>

namespace bpfxx::flow_dissector {
template <auto Policy = fall_back, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which the macro knows them.
template <bool Counted, auto Policy = fall_back> using verdict_of = verdict<Policy, Counted>;

/// A packet and what is to be found out about it. Its bytes may start before the network header, and can only be read.
class packet {
    context *context_;

  public:
    using without_perf_events = void;
    BPFXX_INLINE explicit packet(context *c) : context_{c} {}
    /// What the kernel has found out already, and what the program fills in.
    BPFXX_INLINE auto keys() const -> flow_dissector::keys & { return keys_of(*context_); }
    /// Headers from the network header on. keys().n_proto says which one that is.
    template <class... Steps> BPFXX_INLINE auto parse() const {
        auto here = whole();
        here.at = opaque(here.at + bounded<farthest>(keys().nhoff));
        return packet_chain<Steps...>::at(here, start{});
    }
    /// All bytes, those before the network header too.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    /// What walks and other sources are built on.
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_INLINE auto whole() const -> cursor { return whole_packet(begin(*context_), end(*context_)); }
};
} // namespace bpfxx::flow_dissector

/// BPFXX_FLOW_DISSECTOR(name)(flow_dissector::packet packet) { … }. A policy may follow the name.
#define BPFXX_FLOW_DISSECTOR(name, ...) BPFXX_ENTRY(flow_dissector, "flow_dissector", name __VA_OPT__(, ) __VA_ARGS__)

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a group of sockets on one port (SO_REUSEPORT) that choose which of them gets a packet or a connection
/// (Linux 4.19; as documented here 5.10).
#include <bpfxx/core/chain.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::sk_reuseport {
using context = ::sk_reuseport_md;
template <auto Policy = pass, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = pass> using verdict_of = verdict<Policy, Counted>;

/// A packet from its TCP or UDP header on, to be read.
class packet {
    context *context_;

  public:
    using without_perf_events = void;
    BPFXX_INLINE explicit packet(context *c) : context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_INLINE auto whole() const -> cursor {
        return whole_packet(static_cast<u8 *>(context_->data), static_cast<u8 *>(context_->data_end));
    }
    /// The headers that the packet starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(whole(), start{}); }
    /// All linear bytes.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    /// Of the whole packet from the TCP or UDP header on.
    BPFXX_INLINE auto length() const -> u32 { return context_->len; }
    /// IPPROTO_TCP (6) or IPPROTO_UDP (17).
    BPFXX_INLINE auto protocol() const -> u32 { return context_->ip_protocol; }
    /// What the kernel would choose by.
    BPFXX_INLINE auto hash() const -> u32 { return context_->hash; }
    /// Whether the group's sockets are bound to no address of this machine in particular.
    BPFXX_INLINE auto is_bound_to_any() const -> bool { return context_->bind_inany != 0; }
    /// Gives it to the socket under this key of a reuseport_sockarray, sockmap or sockhash; `not_found` if there is none
    /// there that belongs to the group.
    template <class Map> BPFXX_INLINE auto select(Map &sockets, map::key_of<Map> const &key) const -> reason {
        auto bytes = map::handed<map::key_of<Map>>{key};
        return helper::sk_select_reuseport(context_, &sockets, bytes.at(), 0) == 0 ? reason::none : reason::not_found;
    }
};
} // namespace bpfxx::sk_reuseport

/// BPFXX_SK_REUSEPORT(name)(sk_reuseport::packet packet) { … }. A policy may follow the name.
#define BPFXX_SK_REUSEPORT(name, ...) BPFXX_ENTRY(sk_reuseport, "sk_reuseport", name __VA_OPT__(, ) __VA_ARGS__)

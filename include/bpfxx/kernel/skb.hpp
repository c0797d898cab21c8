// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Packets as the network stack has them: what TC, cgroup and LWT programs are given.
#include <bpfxx/core/chain.hpp>
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx::skb {
/// The linear part of a packet. More of it becomes linear by pull(), which costs a copy of these bytes.
class packet {
    context *context_;

  public:
    BPFXX_INLINE explicit packet(context *c) : context_{c} {}
    /// The headers that the packet starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(whole(), start{}); }
    /// All linear bytes.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    /// What walks and other sources are built on.
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_INLINE auto whole() const -> cursor { return whole_packet(begin(*context_), end(*context_)); }
    /// Of the whole packet, also where it is not linear.
    BPFXX_INLINE auto length() const -> u32 { return context_->len; }
    BPFXX_INLINE auto interface_index() const -> u32 { return context_->ifindex; }
    BPFXX_INLINE auto mark() const -> u32 { return context_->mark; }
    BPFXX_INLINE auto priority() const -> u32 { return context_->priority; }

    // Only a source that can write offers it.
    template <class... Layers>
    __attribute__((unavailable("packets of this source are read only"))) //
    auto
    rewrite(Layers const &...) const -> void;
    template <class Layer, class Use>
    __attribute__((unavailable("packets of this source are read only"))) //
    auto
    raw(Layer const &, Use const &) const -> void;

  protected:
    BPFXX_INLINE auto pulled(u32 n) const -> bool {
        if (context_->len < n) n = context_->len;
        return helper::skb_pull_data(context_, n) == 0;
    }
};
} // namespace bpfxx::skb

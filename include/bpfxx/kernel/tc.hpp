// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TC programs (Linux 4.1; as documented here 5.10), at a clsact qdisc or, from 6.6 on, at a tcx hook.
#include <bpfxx/core/rewrite.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/skb.hpp>

namespace bpfxx::tc {
using skb::context;
template <auto Policy = unspec, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_TC knows them.
template <bool Counted, auto Policy = unspec> using verdict_of = verdict<Policy, Counted>;

class packet;
/// The kernel's own bookkeeping of sums. Of a packet that leaves, the transport checksum may not be computed yet, only its
/// pseudo header's part (CHECKSUM_PARTIAL); of one that arrives, the card may have given the sum over all of it
/// (CHECKSUM_COMPLETE). Which of these it is, a program cannot see; the helpers can.
class sums {
    context *context_;
    u64 rest_ = 0; // what changed in the sum over the packet and was made up for by no checksum in it

  public:
    static constexpr bool kernels = true;
    template <bool Optional> static constexpr u32 flags = Optional ? BPF_F_MARK_MANGLED_0 : 0;

    BPFXX_INLINE explicit sums(context *c) : context_{c} {}
    BPFXX_INLINE auto result() const -> packet;
    BPFXX_INLINE auto starts_at(u8 const *at) const -> bool { return at == skb::begin(*context_); }
    BPFXX_INLINE auto offset_of(u8 const *at) const -> u32 {
        return static_cast<u32>(detail::distance(at, skb::begin(*context_)));
    }
    BPFXX_INLINE auto count(u8 const *at, u64 difference) -> void {
        rest_ += difference << detail::half(at, skb::begin(*context_));
    }
    BPFXX_INLINE auto replace(u32 offset, u32 flags, u64 packet, u64 pseudo) const -> void {
        if (packet != 0) helper::l4_csum_replace(context_, offset, 0, detail::kernels_difference(packet), flags);
        if (pseudo != 0)
            helper::l4_csum_replace(context_, offset, 0, detail::kernels_difference(pseudo), flags | BPF_F_PSEUDO_HDR);
    }
    BPFXX_INLINE auto finish() const -> void {
        if (rest_ != 0) helper::csum_update(context_, detail::kernels_difference(rest_));
    }
};

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
    /// Changes fields of these layers, and with them every checksum, also those that are not computed yet:
    /// move(packet).rewrite(ip, datagram).destination(port). What was parsed before is void behind it; done() gives the packet.
    template <class... Layers> BPFXX_INLINE auto rewrite(Layers const &...layers) && {
        return detail::rewritten(sums{raw()}, layers...);
    }
    template <class... Layers>
    __attribute__((unavailable("what was parsed is void behind a rewrite: move(packet).rewrite(...)"))) //
    auto
    rewrite(Layers const &...) & -> void;
    /// Calls use(header) with a layer's header to write to. Which checksums that makes wrong is the program's own business.
    template <class Layer, class Use> BPFXX_INLINE auto raw(Layer const &layer, Use const &use) const -> void {
        detail::layer_of(layer).change(detail::write_access{}, use);
    }
    using skb::packet::raw;
    BPFXX_INLINE auto set_mark(u32 mark) const -> void { raw()->mark = mark; }
    BPFXX_INLINE auto set_priority(u32 priority) const -> void { raw()->priority = priority; }
};
BPFXX_INLINE auto sums::result() const -> packet { return packet{context_}; }
} // namespace bpfxx::tc

/// BPFXX_TC(name)(tc::packet packet) { … }, or BPFXX_TC(name, tc::shot)(…): what becomes of packets of another form.
#define BPFXX_TC(name, ...) BPFXX_ENTRY(tc, "tc", name __VA_OPT__(, ) __VA_ARGS__)

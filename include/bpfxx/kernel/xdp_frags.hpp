// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// XDP programs on packets of several buffers (Linux 5.18): jumbo frames, and what a driver has put together.
#include <bpfxx/kernel/window.hpp>
#include <bpfxx/kernel/xdp.hpp>

namespace bpfxx::xdp_frags {
using xdp::action;
using xdp::context;
template <bool Counted, auto Policy = xdp::pass> using verdict_of = xdp::verdict<Policy, Counted>;

/// The linear part, if it has all of the packet or as much as a window: one comparison. Else a copy of the first
/// window_size bytes, for some 35 ns. A shorter frame is asked for its length: 10 ns.
BPFXX_INLINE auto open(context *c) -> opened {
    auto const linear = whole_packet(xdp::begin(*c), xdp::end(*c));
    if (linear.holds(window_size)) return {linear, nullptr};
    auto const total = helper::xdp_get_buff_len(c);
    if (total <= linear.remaining()) return {linear, nullptr};
    return detail::copied(static_cast<u32>(total),
                          [c](u8 *to, u32 n) BPFXX_LAMBDA { return helper::xdp_load_bytes(c, 0, to, n); });
}

/// A frame whose headers are in reach wherever they lie. It may be a copy, so nothing is written to it.
class packet : public viewed {
    context *context_;

  public:
    BPFXX_INLINE packet(context *c, cursor const &whole) : viewed{whole}, context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// Of the whole frame.
    BPFXX_INLINE auto length() const -> u32 { return static_cast<u32>(helper::xdp_get_buff_len(context_)); }
    /// A copy of the T at this offset, wherever it lies: 25 to 45 ns.
    template <class T> BPFXX_INLINE auto load(u32 offset) const -> result<T> {
        auto *const c = context_;
        return detail::loaded<T>([&](void *to, u32 n)
                                     BPFXX_LAMBDA { return helper::xdp_load_bytes(c, offset, to, n); });
    }
    BPFXX_INLINE auto interface_index() const -> u32 { return context_->ingress_ifindex; }
    BPFXX_INLINE auto queue() const -> u32 { return context_->rx_queue_index; }
};
} // namespace bpfxx::xdp_frags

/// BPFXX_XDP_FRAGS(name)(xdp_frags::packet packet) { … }. A policy may follow the name.
#define BPFXX_XDP_FRAGS(name, ...) BPFXX_VIEW_ENTRY(xdp_frags, "xdp.frags", name __VA_OPT__(, ) __VA_ARGS__)

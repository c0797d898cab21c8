// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Packets of the network stack of which some bytes, or all, are out of direct reach.
#include <bpfxx/kernel/skb.hpp>
#include <bpfxx/kernel/window.hpp>

namespace bpfxx::skb {
/// A copy of the first window_size bytes.
BPFXX_INLINE auto copied(context *c) -> opened {
    return bpfxx::detail::copied(c->len,
                                 [c](u8 *to, u32 n) BPFXX_LAMBDA { return helper::skb_load_bytes(c, 0, to, n); });
}
/// The linear part, if it has all of the packet or as much as a window; else a copy.
BPFXX_INLINE auto linear_or_copied(context *c) -> opened {
    auto const linear = whole_packet(begin(*c), end(*c));
    if (linear.holds(window_size) || c->len <= linear.remaining()) return {linear, nullptr};
    return copied(c);
}

/// A packet that is read and not written: it may be a copy.
class view : public viewed {
    context *context_;

  public:
    BPFXX_INLINE view(context *c, cursor const &whole) : viewed{whole}, context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// Of the whole packet.
    BPFXX_INLINE auto length() const -> u32 { return context_->len; }
    /// A copy of the T at this offset, wherever it lies: 25 to 45 ns.
    template <class T> BPFXX_INLINE auto load(u32 offset) const -> result<T> {
        auto *const c = context_;
        return bpfxx::detail::loaded<T>([&](void *to, u32 n)
                                            BPFXX_LAMBDA { return helper::skb_load_bytes(c, offset, to, n); });
    }
    BPFXX_INLINE auto interface_index() const -> u32 { return context_->ifindex; }
    BPFXX_INLINE auto mark() const -> u32 { return context_->mark; }
    BPFXX_INLINE auto priority() const -> u32 { return context_->priority; }
};
} // namespace bpfxx::skb

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at the hooks of netfilter (Linux 6.4, with BTF). Packets start with the IP header.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/window.hpp>
#include BPFXX_SIDE(netfilter.hpp)

namespace bpfxx::netfilter {
template <auto Policy = accept, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = accept> using verdict_of = verdict<Policy, Counted>;

/// Where a packet is on its way: the kernel's NF_INET_*.
enum class hook : u32 { pre_routing, local_in, forward, local_out, post_routing };

// Not BPFXX_INLINE, as everything that calls a kernel function or reads its types: the loader must see them.
/// Nothing of it can be read directly: always a copy of the first window_size bytes, for some 40 ns.
[[gnu::always_inline]] inline auto open(context *c) -> opened {
    return bpfxx::detail::copied(length_of(c),
                                 [c](u8 *to, u32 n) BPFXX_LAMBDA -> i64 { return read_bytes(c, 0, to, n); });
}

/// A packet that is read, and not written.
class packet : public viewed {
    context *context_;

  public:
    using without_perf_events = void;
    BPFXX_INLINE packet(context *c, cursor const &whole) : viewed{whole}, context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// Of the whole packet.
    [[gnu::always_inline]] auto length() const -> u32 { return length_of(context_); }
    /// A copy of the T at this offset, wherever it lies.
    template <class T> [[gnu::always_inline]] auto load(u32 offset) const -> result<T> {
        auto *const c = context_;
        return bpfxx::detail::loaded<T>([&](void *to, u32 n)
                                            BPFXX_LAMBDA -> i64 { return read_bytes(c, offset, to, n); });
    }
    [[gnu::always_inline]] auto where() const -> hook { return static_cast<hook>(hook_of(context_)); }
    /// NFPROTO_IPV4 (2) or NFPROTO_IPV6 (10).
    [[gnu::always_inline]] auto family() const -> u32 { return family_of(context_); }
    /// The interfaces that it comes from and goes to; 0 where there is none yet, or was none.
    [[gnu::always_inline]] auto from_interface() const -> u32 { return interface_from(context_); }
    [[gnu::always_inline]] auto to_interface() const -> u32 { return interface_to(context_); }
};
} // namespace bpfxx::netfilter

/// BPFXX_NETFILTER(name)(netfilter::packet packet) { … }. A policy may follow the name.
#define BPFXX_NETFILTER(name, ...) BPFXX_VIEW_ENTRY(netfilter, "netfilter", name __VA_OPT__(, ) __VA_ARGS__)

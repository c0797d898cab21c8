// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Socket filters of TCP sockets (Linux 3.19; as documented here 5.10, with BTF) that decide by what is known of the
/// connection. They see segments before TCP does: what they take away was never received, and its sender sends it again.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/sk_skb.hpp>

namespace bpfxx::segment_filter {
using skb::context;
template <auto Policy = keep, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_SEGMENT_FILTER knows them.
template <bool Counted, auto Policy = keep> using verdict_of = verdict<Policy, Counted>;

/// A segment, from its TCP header on, which has the ports; a kernel tells these programs no addresses.
class packet : public sk_skb::of_socket {
  public:
    using of_socket::of_socket;
    BPFXX_INLINE auto length() const -> u32 { return raw()->len; }
    /// A copy of the T at this offset.
    template <class T> BPFXX_INLINE auto load(u32 offset = 0) const -> result<T> {
        return sk_skb::detail::loaded<T>(raw(), offset);
    }
    /// The segment with no more than n bytes of what it carries. Its acknowledgement is seen all the same. With a FIN it goes
    /// as a whole: it would end the stream too early.
    BPFXX_INLINE auto first(u32 n) const -> action {
        struct tail {
            u8 offset, flags;
        };
        constexpr u32 where = 12; // in the TCP header
        auto const is = load<tail>(where).value_or({0, 1});
        if ((is.flags & 1) != 0) return drop;
        return static_cast<action>((is.offset >> 4) * 4u + (n & 0xffff));
    }
};
} // namespace bpfxx::segment_filter

/// BPFXX_SEGMENT_FILTER(name)(segment_filter::packet segment) { … }. A policy may follow the name.
#define BPFXX_SEGMENT_FILTER(name, ...) BPFXX_ENTRY(segment_filter, "socket", name __VA_OPT__(, ) __VA_ARGS__)

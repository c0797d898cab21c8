// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TC programs that make headers linear before they look at them (Linux 4.9; as documented here 5.10).
#include <bpfxx/kernel/tc.hpp>

namespace bpfxx::tc_pulled {
using skb::context;
using tc::verdict_of;
/// How many bytes are made linear.
inline constexpr u32 pulled_size = 256;

/// A frame whose first 256 bytes, or all, can be read and written directly. Where they are linear already that costs a
/// comparison; else the kernel moves them, for 50 ns and more, and copies a shared packet as a whole.
class packet : public tc::packet {
    BPFXX_INLINE static auto pulled(context *c) -> context * {
        auto const linear = whole_packet(skb::begin(*c), skb::end(*c));
        if (!linear.holds(pulled_size) && c->len > linear.remaining())
            helper::skb_pull_data(c, c->len < pulled_size ? c->len : pulled_size);
        return c;
    }

  public:
    BPFXX_INLINE explicit packet(context *c) : tc::packet{pulled(c)} {}
};
} // namespace bpfxx::tc_pulled

/// BPFXX_TC_PULLED(name)(tc_pulled::packet packet) { … }. A policy may follow the name.
#define BPFXX_TC_PULLED(name, ...) BPFXX_ENTRY(tc_pulled, "tc", name __VA_OPT__(, ) __VA_ARGS__)

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TC programs that read what is not linear as a copy, and leave the packet as it is (Linux 5.12).
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/skb_view.hpp>

namespace bpfxx::tc_loaded {
using skb::context;
class packet : public skb::view {
  public:
    using of_a_cgroup = void;
    using skb::view::view;
};
template <bool Counted, auto Policy = tc::unspec> using verdict_of = bpfxx::verdict<tc::action, Policy, Counted>;
/// Directly where that is enough, at the cost of a comparison or two; else some 35 ns for a copy.
BPFXX_INLINE auto open(context *c) -> opened { return skb::linear_or_copied(c); }
} // namespace bpfxx::tc_loaded

/// BPFXX_TC_LOADED(name)(tc_loaded::packet packet) { … }. A policy may follow the name.
#define BPFXX_TC_LOADED(name, ...) BPFXX_VIEW_ENTRY(tc_loaded, "tc", name __VA_OPT__(, ) __VA_ARGS__)

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at a performance counter or a timer of the perf subsystem (Linux 4.9; as documented here 5.10).
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <linux/bpf_perf_event.h>

namespace bpfxx::perf_event {
using context = ::bpf_perf_event_data;
template <auto Policy = drop, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = drop> using verdict_of = verdict<Policy, Counted>;

/// One overflow of the counter.
class sample {
    context *context_;

  public:
    using traced = void;
    BPFXX_INLINE explicit sample(context *c) : context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// How many events lie between two samples.
    BPFXX_INLINE auto period() const -> u64 { return context_->sample_period; }
    /// The address that it is about, if the event has one.
    BPFXX_INLINE auto address() const -> u64 { return context_->addr; }
};
using packet = sample;
} // namespace bpfxx::perf_event

/// BPFXX_PERF_EVENT(name)(perf_event::sample sample) { … }. A policy may follow the name.
#define BPFXX_PERF_EVENT(name, ...) BPFXX_ENTRY(perf_event, "perf_event", name __VA_OPT__(, ) __VA_ARGS__)

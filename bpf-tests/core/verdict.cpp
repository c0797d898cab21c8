// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/verdict.hpp>
#include <cstddef>
#include <linux/bpf.h>
#include <set>
#include <string>
#include <support/catch.hpp>

using namespace bpfxx;

// The kernel's own numbers.
static_assert(int{xdp::aborted} == XDP_ABORTED && int{xdp::drop} == XDP_DROP && int{xdp::pass} == XDP_PASS);
static_assert(int{xdp::tx} == XDP_TX && int{xdp::redirect} == XDP_REDIRECT && xdp::action_count == XDP_REDIRECT + 1);
static_assert(sizeof(xdp::action) == sizeof(int));
// Both sides of the counters lay them out in the order of the actions, without padding.
static_assert(offsetof(xdp::tally, aborted) == sizeof(u64) * xdp::aborted);
static_assert(offsetof(xdp::tally, drop) == sizeof(u64) * xdp::drop);
static_assert(offsetof(xdp::tally, pass) == sizeof(u64) * xdp::pass);
static_assert(offsetof(xdp::tally, tx) == sizeof(u64) * xdp::tx);
static_assert(offsetof(xdp::tally, redirect) == sizeof(u64) * xdp::redirect);
static_assert(sizeof(xdp::tally) == sizeof(u64) * xdp::action_count);
static_assert(xdp::counters::kind == map_kind::per_cpu_array && xdp::counters::capacity == reason_count);

TEST_CASE("each action has a name of its own") {
    std::set<std::string> names;
    for (u32 i = 0; i < xdp::action_count; i++) names.insert(xdp::name_of(static_cast<xdp::action>(i)));
    CHECK(names == std::set<std::string>{"aborted", "drop", "pass", "tx", "redirect"});
    CHECK(xdp::name_of(static_cast<xdp::action>(5)) == std::string{"unknown"});
    CHECK(xdp::name_of(static_cast<xdp::action>(-1)) == std::string{"unknown"});
}

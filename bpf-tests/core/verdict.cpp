// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/verdict.hpp>
#include <cstddef>
#include <linux/bpf.h>
#include <set>
#include <string>
#include <support/catch.hpp>
#include <vector>

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

namespace {
/// The names of the actions with these numbers.
template <class Action> auto names(std::vector<int> const &numbers) -> std::vector<std::string> {
    std::vector<std::string> all;
    for (auto const n : numbers) all.emplace_back(name_of(static_cast<Action>(n)));
    return all;
}
using words = std::vector<std::string>;
} // namespace

TEST_CASE("the actions of each kind of program") {
    CHECK(names<tc::action>({-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) == words{"unknown", "unspec", "ok", "reclassify",
                                                                             "shot", "pipe", "stolen", "queued",
                                                                             "repeat", "redirect", "trap", "unknown"});
    CHECK(names<socket_filter::action>({0, 1, 100, -1}) == words{"drop", "keep", "keep", "keep"});
    CHECK(names<lwt::action>({0, 1, 2, 7, 128}) == words{"ok", "unknown", "drop", "redirect", "reroute"});
    CHECK(names<sk_lookup::action>({0, 1, 2}) == words{"drop", "pass", "unknown"});
    CHECK(names<sk_reuseport::action>({0, 1, 2}) == words{"drop", "pass", "unknown"});
    CHECK(names<sock_addr::action>({0, 1, 2}) == words{"deny", "allow", "unknown"});
    CHECK(names<cgroup_sock::action>({0, 1, 2}) == words{"deny", "allow", "unknown"});
    CHECK(names<sock_bind::action>({0, 1, 2, 3}) == words{"deny", "allow", "unknown", "allow_any_port"});
    CHECK(names<sock_named::action>({0, 1}) == words{"unknown", "allow"});
    CHECK(names<perf_event::action>({0, 1, 2}) == words{"drop", "keep", "unknown"});
    CHECK(names<netfilter::action>({0, 1, 2}) == words{"drop", "accept", "unknown"});
    CHECK(names<sock_ops::action>({0, 1, 2}) == words{"ignored", "done", "unknown"});
    CHECK(names<cgroup_skb::action>({0, 1, 2}) == words{"drop", "allow", "unknown"});
    CHECK(names<flow_dissector::action>({0, 1, 2, 129}) == words{"ok", "unknown", "drop", "fall_back"});
    CHECK(names<sk_skb::action>({0, 1, 2}) == words{"drop", "pass", "unknown"});
    CHECK(names<stream_parser::action>({-74, 0, 5}) == words{"broken", "unfinished", "message"});
    CHECK(names<sk_msg::action>({0, 1, 2}) == words{"drop", "pass", "unknown"});
    CHECK(names<segment_filter::action>({0, 7, -1}) == words{"drop", "cut", "keep"});
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Program types that the kernel runs on packets, and what the answers of their programs are called.
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/user/sections.hpp>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <span>
#include <string>

namespace bpfxx::user {
/// As libbpf and bpftool call it: "xdp", "sched_cls".
inline auto name_of(bpf_prog_type type) -> std::string {
    auto const *const known = libbpf_bpf_prog_type_str(type);
    if (!known && static_cast<u32>(type) == netfilter_type) return "netfilter";
    return known ? known : "type " + std::to_string(static_cast<int>(type));
}

/// What of a packet a program sees in a test run, which may be less than in the place where it is meant to run.
enum class packet_view {
    none,    // no packet: this type cannot be run on one
    frame,   // all from the Ethernet header on
    network, // what is behind the Ethernet header, which only gives its type
    flow,    // all, but it cannot write: it answers with a bpf_flow_keys
};

/// An answer as people call it. `passes`: the packet goes on its way, in the direction in which it came.
struct verdict_name { // NOLINT(clang-analyzer-optin.performance.Padding): in the order in which people think of it
    int code;
    char const *name;
    bool passes;
};

namespace detail {
inline constexpr verdict_name xdp_verdicts[] = {{xdp::aborted, xdp::name_of(xdp::aborted), false},
                                                {xdp::drop, xdp::name_of(xdp::drop), false},
                                                {xdp::pass, xdp::name_of(xdp::pass), true},
                                                {xdp::tx, xdp::name_of(xdp::tx), false},
                                                {xdp::redirect, xdp::name_of(xdp::redirect), false}};
// Of a classifier in direct-action mode, and of an action.
inline constexpr verdict_name tc_verdicts[] = {
    {TC_ACT_UNSPEC, "unspec", true},  {TC_ACT_OK, "ok", true},          {TC_ACT_RECLASSIFY, "reclassify", true},
    {TC_ACT_SHOT, "shot", false},     {TC_ACT_PIPE, "pipe", true},      {TC_ACT_STOLEN, "stolen", false},
    {TC_ACT_QUEUED, "queued", false}, {TC_ACT_REPEAT, "repeat", false}, {TC_ACT_REDIRECT, "redirect", false},
    {TC_ACT_TRAP, "trap", false}};
// The second bit is for egress: congestion, so that TCP slows down.
inline constexpr verdict_name cgroup_verdicts[] = {
    {0, "drop", false}, {1, "allow", true}, {2, "drop_congested", false}, {3, "allow_congested", true}};
inline constexpr verdict_name route_verdicts[] = {{BPF_OK, "ok", true},
                                                  {BPF_DROP, "drop", false},
                                                  {BPF_REDIRECT, "redirect", false},
                                                  {BPF_LWT_REROUTE, "reroute", true}};
// 129: BPF_FLOW_DISSECTOR_CONTINUE since Linux 6.1, the kernel's own dissector goes on.
inline constexpr verdict_name flow_verdicts[] = {
    {BPF_OK, "ok", true}, {BPF_DROP, "drop", false}, {129, "continue", true}};

struct packet_type {
    packet_view view = packet_view::none;
    std::span<verdict_name const> verdicts = {}; // none for a socket filter, which answers how many bytes it keeps
};
inline auto packet_type_of(bpf_prog_type type) -> packet_type {
    switch (type) {
    case BPF_PROG_TYPE_XDP: return {packet_view::frame, xdp_verdicts};
    case BPF_PROG_TYPE_SCHED_CLS:
    case BPF_PROG_TYPE_SCHED_ACT: return {packet_view::frame, tc_verdicts};
    case BPF_PROG_TYPE_CGROUP_SKB: return {packet_view::network, cgroup_verdicts};
    case BPF_PROG_TYPE_SOCKET_FILTER: return {packet_view::network, {}};
    case BPF_PROG_TYPE_LWT_IN:
    case BPF_PROG_TYPE_LWT_OUT:
    case BPF_PROG_TYPE_LWT_XMIT:
    case BPF_PROG_TYPE_LWT_SEG6LOCAL: return {packet_view::network, route_verdicts};
    case BPF_PROG_TYPE_FLOW_DISSECTOR: return {packet_view::flow, flow_verdicts};
    default: return {};
    }
}
} // namespace detail

inline auto view_of(bpf_prog_type type) -> packet_view { return detail::packet_type_of(type).view; }

/// An answer that its type does not know is called "unknown", and does not pass.
inline auto verdict_of(bpf_prog_type type, int code) -> verdict_name {
    if (type == BPF_PROG_TYPE_SOCKET_FILTER) return {code, code == 0 ? "drop" : "keep", code != 0};
    for (auto const &v : detail::packet_type_of(type).verdicts)
        if (v.code == code) return v;
    return {code, "unknown", false};
}
} // namespace bpfxx::user

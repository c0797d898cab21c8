// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// BPFXX_COUNT: how often a program answered what, and why, at the cost of one declaration.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>

namespace bpfxx {
namespace detail {
template <class Counters = xdp::counters> using counters_of = Counters;
template <class T>
concept complete = requires {
    sizeof(T);
};
/// The counters that stand for a program, which its tag finds; none unless there is a BPFXX_COUNT for it.
template <class Tag>
concept counted = requires(Tag *tag) {
    bpfxx_counters(tag);
};
} // namespace detail

// Known actions are told apart by branches: an offset into the tally would have to be bounded once more.
namespace xdp {
BPFXX_INLINE auto add(tally &t, action a) -> void {
    if (a == pass)
        ++t.pass;
    else if (a == drop)
        ++t.drop;
    else if (a == tx)
        ++t.tx;
    else if (a == redirect)
        ++t.redirect;
    else
        ++t.aborted;
}
} // namespace xdp
namespace tc {
BPFXX_INLINE auto add(tally &t, action a) -> void {
    if (a == unspec)
        ++t.unspec;
    else if (a == ok)
        ++t.ok;
    else if (a == shot)
        ++t.shot;
    else if (a == stolen)
        ++t.stolen;
    else if (a == redirect)
        ++t.redirect;
    else
        ++t.other;
}
} // namespace tc
namespace socket_filter {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.keep); }
} // namespace socket_filter
namespace lwt {
BPFXX_INLINE auto add(tally &t, action a) -> void {
    if (a == ok)
        ++t.ok;
    else if (a == drop)
        ++t.drop;
    else if (a == redirect)
        ++t.redirect;
    else
        ++t.reroute;
}
} // namespace lwt
namespace sk_lookup {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.pass); }
} // namespace sk_lookup
namespace sk_reuseport {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.pass); }
} // namespace sk_reuseport
namespace sock_addr {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == deny ? t.deny : t.allow); }
} // namespace sock_addr
namespace cgroup_sock {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == deny ? t.deny : t.allow); }
} // namespace cgroup_sock
namespace sock_bind {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == deny ? t.deny : t.allow); }
} // namespace sock_bind
namespace sock_named {
BPFXX_INLINE auto add(tally &t, action) -> void { ++t.allow; }
} // namespace sock_named
namespace perf_event {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.keep); }
} // namespace perf_event
namespace netfilter {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.accept); }
} // namespace netfilter
namespace sock_ops {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == ignored ? t.ignored : t.done); }
} // namespace sock_ops
namespace cgroup_skb {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.allow); }
} // namespace cgroup_skb
namespace flow_dissector {
BPFXX_INLINE auto add(tally &t, action a) -> void {
    if (a == ok)
        ++t.ok;
    else if (a == fall_back)
        ++t.fall_back;
    else
        ++t.drop;
}
} // namespace flow_dissector
namespace sk_skb {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.pass); }
} // namespace sk_skb
namespace stream_parser {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a < 0 ? t.broken : a == unfinished ? t.unfinished : t.message); }
} // namespace stream_parser
namespace segment_filter {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : a == keep ? t.keep : t.cut); }
} // namespace segment_filter
namespace sk_msg {
BPFXX_INLINE auto add(tally &t, action a) -> void { ++(a == drop ? t.drop : t.pass); }
} // namespace sk_msg

/// Adds a program's verdict to its counters, if it has any.
template <class Tag, class Verdict> BPFXX_INLINE auto add_to_counters(Verdict const &v) -> void {
    if constexpr (detail::counted<Tag>)
        bpfxx_counters(static_cast<Tag *>(nullptr)).lookup(static_cast<u32>(v.why)).then([&v](auto &t) BPFXX_LAMBDA {
            add(t, v.code);
        });
}
} // namespace bpfxx

/// BPFXX_COUNT(program, map) before an XDP program: its verdicts, by reason, are counted in that map. Before a program of
/// another type with its counters: BPFXX_COUNT(program, map, tc::counters).
#define BPFXX_COUNT(program, map, ...)                                                                                 \
    struct program##_tag;                                                                                              \
    static_assert(!bpfxx::detail::complete<program##_tag>, "BPFXX_COUNT stands before the program that it counts");    \
    BPFXX_MAP(map, bpfxx::detail::counters_of<__VA_ARGS__>);                                                           \
    BPFXX_INLINE auto bpfxx_counters(program##_tag *)->auto & { return map; }                                          \
    static_assert(true, "so that a semicolon may follow")

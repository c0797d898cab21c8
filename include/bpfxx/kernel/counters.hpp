// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// BPFXX_COUNT: how often a program answered what, and why, at the cost of one declaration.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>

namespace bpfxx {
namespace detail {
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

/// Adds a program's verdict to its counters, if it has any.
template <class Tag, class Verdict> BPFXX_INLINE auto count(Verdict const &v) -> void {
    if constexpr (detail::counted<Tag>) {
        auto const tally = bpfxx_counters(static_cast<Tag *>(nullptr)).lookup(static_cast<u32>(v.why));
        // Known actions are told apart by branches: an offset into the tally would have to be bounded once more.
        tally.then([&v](auto &t) BPFXX_LAMBDA {
            if (v.code == xdp::pass)
                ++t.pass;
            else if (v.code == xdp::drop)
                ++t.drop;
            else if (v.code == xdp::tx)
                ++t.tx;
            else if (v.code == xdp::redirect)
                ++t.redirect;
            else
                ++t.aborted;
        });
    }
}
} // namespace bpfxx

/// BPFXX_COUNT(program, map) before a program: its verdicts, by reason, are counted in that map.
#define BPFXX_COUNT(program, map)                                                                                      \
    struct program##_tag;                                                                                              \
    static_assert(!bpfxx::detail::complete<program##_tag>, "BPFXX_COUNT stands before the program that it counts");    \
    BPFXX_MAP(map, bpfxx::xdp::counters);                                                                              \
    BPFXX_INLINE auto bpfxx_counters(program##_tag *)->auto & { return map; }                                          \
    static_assert(true, "so that a semicolon may follow")

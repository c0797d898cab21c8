// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How a program type makes its entry point: the macro that each type's own one is made of.
#include <bpfxx/kernel/counters.hpp>
#include <bpfxx/kernel/platform.hpp>
#include <bpfxx/kernel/verdict.hpp>

namespace bpfxx::detail {
/// The number that a program ends with.
template <class Action> BPFXX_INLINE auto last_word(Action a) -> int { return a; }
} // namespace bpfxx::detail

/// A program of the type `kind`, a namespace with context, packet and verdict_of. A policy may follow the name.
#define BPFXX_ENTRY(kind, section, name, ...)                                                                          \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a program's name: " #name);                  \
    struct name##_tag {};                                                                                              \
    using name##_verdict = bpfxx::kind::verdict_of<bpfxx::detail::counted<name##_tag> __VA_OPT__(, ) __VA_ARGS__>;     \
    static auto name##_body(bpfxx::kind::packet)->name##_verdict;                                                      \
    BPFXX_PROGRAM(section, name, bpfxx::kind::context *context) {                                                      \
        auto const answer = name##_body(bpfxx::kind::packet{context});                                                 \
        bpfxx::add_to_counters<name##_tag>(answer);                                                                    \
        using bpfxx::detail::last_word;                                                                                \
        return last_word(answer.code);                                                                                 \
    }                                                                                                                  \
    [[gnu::always_inline]] static inline name##_verdict name##_body

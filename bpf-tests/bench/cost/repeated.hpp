// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Include it last: with -DAMP=n the body of a program of any type runs n times an invocation, and what opens its packet
/// does so too. With -DEMPTY as well, neither happens: what is left is what has to be subtracted.
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/window.hpp>

#ifdef AMP
#undef BPFXX_ENTRY
#undef BPFXX_VIEW_ENTRY
#ifdef EMPTY
#define BPFXX_ENTRY(kind, section, name, ...) BPFXX_REPEATED(kind, section, name, [[maybe_unused]] auto const c = 0)
#define BPFXX_VIEW_ENTRY(kind, section, name, ...) BPFXX_ENTRY(kind, section, name)
#else
#define BPFXX_ENTRY(kind, section, name, ...)                                                                          \
    BPFXX_REPEATED(kind, section, name, all->code = name##_body(bpfxx::kind::packet{all->context}).code)
#define BPFXX_VIEW_ENTRY(kind, section, name, ...)                                                                     \
    BPFXX_REPEATED(kind, section, name, auto const view = bpfxx::kind::open(all->context);                             \
                   all->code = name##_body(bpfxx::kind::packet{all->context, view.whole}).code;                        \
                   bpfxx::detail::give_back(view.copy))
#endif
#define BPFXX_REPEATED(kind, section, name, ...)                                                                       \
    struct name##_repeated {                                                                                           \
        bpfxx::kind::context *context;                                                                                 \
        bpfxx::i64 code;                                                                                               \
    };                                                                                                                 \
    static auto name##_body(bpfxx::kind::packet)->bpfxx::kind::verdict_of<false>;                                      \
    static bpfxx::i64 name##_step([[maybe_unused]] bpfxx::u32 index, void *pointer) {                                  \
        [[maybe_unused]] auto *const all = static_cast<name##_repeated *>(pointer);                                    \
        __VA_ARGS__;                                                                                                   \
        return 0;                                                                                                      \
    }                                                                                                                  \
    BPFXX_PROGRAM(section, name, bpfxx::kind::context *context) {                                                      \
        auto all = name##_repeated{context, 0};                                                                        \
        bpfxx::helper::loop(AMP, name##_step, &all, 0);                                                                \
        return static_cast<int>(all.code);                                                                             \
    }                                                                                                                  \
    [[gnu::always_inline, maybe_unused]] static inline bpfxx::kind::verdict_of<false> name##_body
#endif

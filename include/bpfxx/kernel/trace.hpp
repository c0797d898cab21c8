// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What programs at places in the kernel have in common: typed arguments, taken from where the kernel puts them.
#include <bpfxx/core/sequence.hpp>
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx::trace {
/// Where the program was called, as maps of stacks and of perf events are given it: a program that wants it has it as its
/// first parameter, before its arguments.
class context {
    void *at_;

  public:
    using traced = void;
    BPFXX_INLINE explicit context(void *at) : at_{at} {}
    BPFXX_INLINE auto raw() const -> void * { return at_; }
};

namespace detail {
using bpfxx::detail::sequence, bpfxx::detail::first;

/// A value of the program's type from one of the kernel's words.
template <class T> BPFXX_INLINE auto as(u64 word) -> T {
    static_assert(sizeof(T) <= 8, "an argument is an integer, an enum or a pointer");
    if constexpr (
        requires { reinterpret_cast<T>(word); } && !requires { static_cast<T>(word); })
        return reinterpret_cast<T>(word);
    else
        return static_cast<T>(word);
}

/// How many parameters come before the arguments.
template <class...> inline constexpr u32 before = 0;
template <class... A> inline constexpr u32 before<context, A...> = 1;

/// Calls a program's body with as many words as it has parameters. `Where` says which of the context's words they are.
template <auto Body, class Where> struct call;
template <class R, class... A, R (*Body)(A...), class Where> struct call<Body, Where> {
    BPFXX_INLINE static auto from(u64 const *words) -> R { return by(words, first<sizeof...(A)>{}); }

  private:
    template <u32... I> BPFXX_INLINE static auto by(u64 const *words, sequence<u32, I...>) -> R {
        static_assert(sizeof...(A) <= Where::most + before<A...>, "so many arguments the kernel does not pass on");
        (void)words; // there may be no arguments
        return Body(one<A, I>(words)...);
    }
    template <class T, u32 I> BPFXX_INLINE static auto one(u64 const *words) -> T {
        if constexpr (__is_same(T, context)) {
            static_assert(I == 0, "a trace::context is the first parameter");
            return context{const_cast<u64 *>(words)};
        } else {
            return as<T>(words[Where::at(I - before<A...>)]);
        }
    }
};
/// One word behind the other.
struct in_order {
    static constexpr u32 most = 12;
    BPFXX_INLINE static constexpr auto at(u32 i) -> u32 { return i; }
};
} // namespace detail
} // namespace bpfxx::trace

/// A program without an answer, with typed arguments, that the kernel calls with words.
#define BPFXX_TRACE_ENTRY(section, name, where, ...)                                                                   \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a program's name: " #name);                  \
    static void name##_body(__VA_ARGS__);                                                                              \
    BPFXX_PROGRAM(section, name, bpfxx::u64 *context) {                                                                \
        bpfxx::trace::detail::call<&name##_body, where>::from(context);                                                \
        return 0;                                                                                                      \
    }                                                                                                                  \
    [[gnu::always_inline]] static inline void name##_body(__VA_ARGS__)

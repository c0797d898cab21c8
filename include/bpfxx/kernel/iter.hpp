// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs that the kernel calls for each object of a kind, and that write what user space reads (Linux 5.8, with BTF).
#include <bpfxx/kernel/print.hpp>
#include <bpfxx/kernel/trace.hpp>

namespace bpfxx::iter {
/// The kernel's struct bpf_iter_meta.
struct meta {
    ::seq_file *seq;
    u64 session_id, seq_num;
};

/// What user space reads.
class output {
    meta const *meta_;

  public:
    BPFXX_INLINE explicit output(meta const *m) : meta_{m} {}
    BPFXX_INLINE auto raw() const -> ::seq_file * { return meta_->seq; }
    /// How many objects came before this one; behind the last one, still as many as came before that.
    BPFXX_INLINE auto number() const -> u64 { return meta_->seq_num; }
    /// Writes an object as it lies in memory; whether there was room. If not, the kernel calls again with more.
    template <class T> BPFXX_INLINE auto write(T const &value) const -> bool {
        return helper::seq_write(meta_->seq, &value, sizeof value) == 0;
    }
};

namespace detail {
template <auto Body> struct call;
template <class... A, void (*Body)(output, A...)> struct call<Body> {
    BPFXX_INLINE static auto from(u64 const *words) -> void { by(words, trace::detail::first<sizeof...(A)>{}); }

  private:
    template <u32... I> BPFXX_INLINE static auto by(u64 const *words, trace::detail::sequence<u32, I...>) -> void {
        Body(output{trace::detail::as<meta const *>(words[0])}, trace::detail::as<A>(words[1 + I])...);
    }
};
} // namespace detail
} // namespace bpfxx::iter

/// BPFXX_ITER(name, task, iter::output out, task_struct *task) { … }: the kinds and what they give are the kernel's
/// bpf_iter__… structs. Behind the last object the program is called once more, with null.
#define BPFXX_ITER(name, kind, ...)                                                                                    \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a program's name: " #name);                  \
    static void name##_body(__VA_ARGS__);                                                                              \
    BPFXX_PROGRAM("iter/" #kind, name, bpfxx::u64 *context) {                                                          \
        bpfxx::iter::detail::call<&name##_body>::from(context);                                                        \
        return 0;                                                                                                      \
    }                                                                                                                  \
    [[gnu::always_inline]] static inline void name##_body(__VA_ARGS__)

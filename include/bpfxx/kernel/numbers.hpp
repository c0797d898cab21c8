// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Loops without a callback (Linux 6.4): `for (auto const i : numbers{0, n})`. They may be left by break and return.
#include <bpfxx/kernel/platform.hpp>

#if defined(__bpf__)
// The kernel's own, under its own names. <linux/bpf.h> has the struct from Linux 6.4 on, under another name here so that
// both can be there.
struct bpfxx_iter_num {
    bpfxx::u64 opaque;
};
extern "C" {
[[gnu::section(".ksyms")]] int bpf_iter_num_new(bpfxx_iter_num *it, int start, int end);
[[gnu::section(".ksyms")]] int *bpf_iter_num_next(bpfxx_iter_num *it);
[[gnu::section(".ksyms")]] void bpf_iter_num_destroy(bpfxx_iter_num *it);
}
#endif

namespace bpfxx {
/// From `first` up to but without `last`. The verifier knows nothing of the number: bound it before it becomes an offset.
class numbers {
#if defined(__bpf__)
    bpfxx_iter_num state_;
    // Not BPFXX_INLINE: clang up to 16 forgets what it calls where there is no debug information.
#define BPFXX_ITERATE [[gnu::always_inline]] inline

  public:
    BPFXX_ITERATE numbers(i32 first, i32 last) { bpf_iter_num_new(&state_, first, last); }
    BPFXX_ITERATE ~numbers() { bpf_iter_num_destroy(&state_); }
    BPFXX_ITERATE auto next() -> i32 * { return bpf_iter_num_next(&state_); }
#undef BPFXX_ITERATE
#else
    i32 at_, last_, given_ = 0;

  public:
    // The kernel refuses more than 2^23, and then there are none.
    numbers(i32 first, i32 last) : at_{first}, last_{i64{last} - first > 1 << 23 ? first : last} {}
    auto next() -> i32 * {
        if (at_ >= last_) return nullptr;
        given_ = at_++;
        return &given_;
    }
#endif
    numbers(numbers const &) = delete;
    auto operator=(numbers const &) -> numbers & = delete;

    struct end_of_numbers {};
    class iterator {
        numbers &from_;
        i32 *at_;

      public:
        [[gnu::always_inline]] explicit iterator(numbers &from) : from_{from}, at_{from.next()} {}
        [[gnu::always_inline]] auto operator*() const -> i32 { return *at_; }
        [[gnu::always_inline]] auto operator++() -> iterator & {
            at_ = from_.next();
            return *this;
        }
        [[gnu::always_inline]] friend auto operator!=(iterator const &it, end_of_numbers) -> bool {
            return it.at_ != nullptr;
        }
    };
    [[gnu::always_inline]] auto begin() -> iterator { return iterator{*this}; }
    [[gnu::always_inline]] auto end() -> end_of_numbers { return {}; }
};
} // namespace bpfxx

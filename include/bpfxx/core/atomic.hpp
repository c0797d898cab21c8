// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A number that many CPUs change at once: `struct usage { atomic<u64> packets; };`
#include <bpfxx/core/int.hpp>

namespace bpfxx {
/// A u32 or u64 as it lies in a map. add() always works; what gives the old value back needs Linux 5.12, and of a u32
/// -mcpu=v3, which is the default.
template <class T> struct atomic {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "the kernel has atomics of 4 and of 8 bytes");
    T raw;

    BPFXX_INLINE auto load() const -> T { return *const_cast<T const volatile *>(&raw); }
    BPFXX_INLINE auto store(T value) -> void { *const_cast<T volatile *>(&raw) = value; }
    BPFXX_INLINE auto add(T value) -> void { __atomic_fetch_add(&raw, value, __ATOMIC_RELAXED); }
    BPFXX_INLINE auto operator++() -> atomic & {
        add(1);
        return *this;
    }

    // All of these answer with the value from before.
    BPFXX_INLINE auto fetch_add(T value) -> T { return __atomic_fetch_add(&raw, value, __ATOMIC_SEQ_CST); }
    BPFXX_INLINE auto fetch_sub(T value) -> T { return __atomic_fetch_sub(&raw, value, __ATOMIC_SEQ_CST); }
    BPFXX_INLINE auto fetch_and(T value) -> T { return __atomic_fetch_and(&raw, value, __ATOMIC_SEQ_CST); }
    BPFXX_INLINE auto fetch_or(T value) -> T { return __atomic_fetch_or(&raw, value, __ATOMIC_SEQ_CST); }
    BPFXX_INLINE auto fetch_xor(T value) -> T { return __atomic_fetch_xor(&raw, value, __ATOMIC_SEQ_CST); }
    BPFXX_INLINE auto exchange(T value) -> T { return __atomic_exchange_n(&raw, value, __ATOMIC_SEQ_CST); }
    /// Becomes `wanted` if it is `expected`; it was that if the answer is `expected`.
    BPFXX_INLINE auto compare_exchange(T expected, T wanted) -> T {
        __atomic_compare_exchange_n(&raw, &expected, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
        return expected;
    }
};
} // namespace bpfxx

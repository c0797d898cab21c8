// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Ways to keep the optimiser and the kernel's verifier of one mind. On the host they compute the same values.
#include <bpfxx/core/int.hpp>

namespace bpfxx {
/// The same value, of which the optimiser knows nothing more. What the verifier has learnt about a register holds for
/// that register only, so a value whose range was checked must not be computed a second time.
template <class T> BPFXX_INLINE constexpr auto opaque(T value) -> T {
    if (!__builtin_is_constant_evaluated()) asm("" : "+r"(value));
    return value;
}

/// The same value, of this very place: the optimiser does not take it for the one that it has from an earlier place. What
/// the verifier learnt there about a register, on each way to here something else, would come along with it.
template <class T> BPFXX_INLINE auto anew(T value) -> T {
    asm volatile("" : "+r"(value));
    return value;
}

/// value & Mask, where the mask is for the verifier: the optimiser, which may know better, must not remove it.
template <u32 Mask> BPFXX_INLINE constexpr auto bounded(u32 value) -> u32 { return opaque(value) & Mask; }

/// Between two comparisons: they stay two, in this order, and do not become a search among many.
BPFXX_INLINE constexpr auto in_order() -> void {
    if (!__builtin_is_constant_evaluated()) asm("");
}

/// The same value, of which the verifier knows nothing more. `unknown` is anything that it does not know either, such as
/// a byte of a packet. Paths that differ in nothing but known numbers become one: they are verified once.
BPFXX_INLINE constexpr auto forgotten(u32 value, u32 unknown) -> u32 {
    auto a = unknown, b = unknown;
    if (!__builtin_is_constant_evaluated()) {
        asm("" : "+r"(a));
        asm("\n" : "+r"(b)); // not the same text, or the optimiser would see that it is the same value
    }
    return value + (a ^ b);
}

/// The same for a number that is counted up, in its place; `unknown` has 64 bits.
template <class Number> BPFXX_INLINE auto forget(Number &number, u64 unknown) -> void {
    static_assert(!__is_same(Number, bool), "a truth value is two numbers: there is nothing to forget");
    auto a = unknown, b = unknown;
    asm("" : "+r"(a));
    asm("\n" : "+r"(b)); // not the same text, or the optimiser would see that it is the same value
    number = static_cast<Number>(number + (a ^ b));
}

/// The same value, out of memory: the verifier knows nothing more of it, and does not ask for what it was computed from
/// either. Of what is added to a pointer it would tell all numbers apart that had a part in it.
BPFXX_INLINE auto detached(u32 value) -> u32 {
#if defined(__bpf__)
    // Of the upper half of a slot of the stack the verifier keeps nothing, but where it knows it to be zero: what is stored is
    // another number than the value, of which a loop's first is zero.
    constexpr u32 other = 0x5bd1e995;
    alignas(8) u32 slot[2];
    asm("" : "=m"(slot)); // all of it, or the optimiser leaves out the lower half
    auto volatile &half = slot[1];
    half = value ^ other;
    return half ^ other;
#else
    return value;
#endif
}

/// 1 if both are the same, else 0, without a branch: to the verifier one path instead of two. Both are below 2^31.
BPFXX_INLINE constexpr auto same(u32 a, u32 b) -> u32 { return opaque((a ^ b) - 1) >> 31; }
/// The lesser of two numbers below 2^31, without a branch.
BPFXX_INLINE constexpr auto lesser(u32 a, u32 b) -> u32 {
    auto const more = static_cast<i32>(b - a);
    return a + static_cast<u32>(more & opaque(opaque(more) >> 31));
}
/// One of two numbers, without a branch: `choice` is 1 or 0. Not by a mask of all bits or none: kernels from 6.18 on go two
/// ways where one meets a constant.
BPFXX_INLINE constexpr auto chosen(u32 choice, u32 yes, u32 no) -> u32 {
    return no + opaque(choice) * (yes - no); // opaque, or the optimiser would find the branch in it
}
} // namespace bpfxx

/// The end of a loop that goes on, at a label, while a u64 is not zero: the optimiser may put the end of a loop in front of its
/// beginning and let it run into it, and kernels before 6.8 take no way back but a jump. This is one, of which it knows nothing.
#if defined(__bpf__)
#define BPFXX_BACK_TO(label, more) asm goto("if %0 != 0 goto %l1" : : "r"(more) : : label)
#else
#define BPFXX_BACK_TO(label, more)                                                                                     \
    if ((more) != 0) goto label
#endif

/// On at a label where a u64 is zero, otherwise behind this. The verifier goes the way behind this first; then, if it knows less
/// on it than at the label, there is nothing left to go there. `known` is computed before: at the label it would be a constant.
#if defined(__bpf__)
#define BPFXX_LATER_AT(label, more, known) asm goto("if %0 == 0 goto %l2" : : "r"(more), "r"(known) : : label)
#else
#define BPFXX_LATER_AT(label, more, known)                                                                             \
    if ((more) == 0) goto label
#endif

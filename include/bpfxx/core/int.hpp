// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Fixed-width integers, and what functions, loops and tables of the BPF side wear.

#if defined(__clang__)
// nodebug: a method of a map must not reach BTF, and the verifier's log then shows the user's line, not the library's.
#define BPFXX_INLINE [[gnu::always_inline, gnu::nodebug]] inline
#define BPFXX_ROLLED _Pragma("clang loop unroll(disable)")
// Of a template that the kernel calls: without it libbpf finds no code behind the name.
#define BPFXX_INTERNAL [[clang::internal_linkage]]
#else
#define BPFXX_INLINE [[gnu::always_inline]] inline
#define BPFXX_ROLLED
#define BPFXX_INTERNAL
#endif
#if defined(__clang__) && defined(__OPTIMIZE_SIZE__)
// A loop over the bytes of a value. At -Os it would be unrolled too late for what the value consists of to be in registers.
#define BPFXX_UNROLLED _Pragma("clang loop unroll(full)")
#else
#define BPFXX_UNROLLED
#endif
#if defined(__clang__)
// Packets that are given away, by move(packet), are not to be used again: -Wconsumed.
#define BPFXX_CONSUMABLE [[clang::consumable(unknown)]]
#define BPFXX_CONSUMES [[clang::set_typestate(consumed)]]
#define BPFXX_RENEWS [[clang::set_typestate(unknown)]]
#define BPFXX_CONSUMED [[clang::return_typestate(consumed)]]
#define BPFXX_UNCONSUMED [[clang::callable_when("unconsumed", "unknown")]]
#else
#define BPFXX_CONSUMABLE
#define BPFXX_CONSUMES
#define BPFXX_RENEWS
#define BPFXX_CONSUMED
#define BPFXX_UNCONSUMED
#endif
#define BPFXX_LAMBDA __attribute__((always_inline))
// A table that a header looks things up in, in the BPF object a map of this name. Not in .rodata, which holds a program's own
// settings. Static: an inline variable would be a group of sections, which `bpftool gen object` does not take.
#if defined(__bpf__)
#define BPFXX_TABLE(name) [[gnu::section(".rodata." name)]] static constexpr
#else
#define BPFXX_TABLE(name) static constexpr
#endif

namespace bpfxx {
using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned int;
using u64 = unsigned long long;
using i8 = signed char;
using i16 = short;
using i32 = int;
using i64 = long long;
static_assert(sizeof(u16) == 2 && sizeof(u32) == 4 && sizeof(u64) == 8);
} // namespace bpfxx

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// For `-include`: with -DAMP=n the unmodified body of a BPFXX_XDP program runs n times an invocation, through bpf_loop
/// as in the C anchors.
#ifdef AMP
#include <bpfxx/kernel/xdp.hpp>

struct amplified {
    bpfxx::xdp::context *context;
    long verdict;
};
#undef BPFXX_XDP
#define BPFXX_XDP(name, ...)                                                                                           \
    static auto name##_body(bpfxx::xdp::packet)->bpfxx::xdp::verdict<__VA_ARGS__>;                                     \
    static bpfxx::i64 amplified_step([[maybe_unused]] bpfxx::u32 index, void *pointer) {                               \
        auto *const all = static_cast<amplified *>(pointer);                                                           \
        all->verdict = name##_body(bpfxx::xdp::packet{all->context}).code;                                             \
        return 0;                                                                                                      \
    }                                                                                                                  \
    BPFXX_PROGRAM("xdp", name, bpfxx::xdp::context *context) {                                                         \
        auto all = amplified{context, 0};                                                                              \
        bpfxx::helper::loop(AMP, amplified_step, &all, 0);                                                             \
        return static_cast<int>(all.verdict);                                                                          \
    }                                                                                                                  \
    BPFXX_INLINE static bpfxx::xdp::verdict<__VA_ARGS__> name##_body
#endif

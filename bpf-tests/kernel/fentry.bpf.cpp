// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Functions of the kernel with their arguments: those that it calls itself in a test run.
#include <bpfxx/kernel/fentry.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

BPFXX_FENTRY(enter_one, bpf_fentry_test1, int a) { test::observe(reason::none, a); }
BPFXX_FENTRY(enter_four, bpf_fentry_test4, void *a, i8 b, int c, u64 d) {
    test::observe(reason::none, reinterpret_cast<u64>(a), b, c, d);
}
BPFXX_FEXIT(exit_three, bpf_fentry_test3, i8 a, int b, u64 c, int result) {
    test::observe(reason::none, a, b, c, result);
}
BPFXX_FEXIT(exit_first, bpf_fentry_test6, u64 a) { test::observe(reason::none, a); }

/// A program that is traced as functions of the kernel are.
BPFXX_PROGRAM("xdp", answer_tx, xdp::context *context) {
    (void)context;
    return 3;
}
/// Their sections name some function; that they are for a program is said before they are loaded.
BPFXX_FENTRY(enter_program, bpf_fentry_test1, u64 packet) { test::observe(reason::none, packet != 0); }
BPFXX_FEXIT(exit_program, bpf_fentry_test1, u64 packet, int verdict) {
    test::observe(reason::none, packet != 0, verdict);
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Arguments and results of functions, of the kernel and of the test's own process.
#include <bpfxx/kernel/kprobe.hpp>
#include <kernel/own_process.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_KPROBE(probed, do_unlinkat, int folder, void *path) {
    if (test::is_own()) test::observe(reason::none, folder, reinterpret_cast<u64>(path) != 0);
}
BPFXX_KRETPROBE(probed_back, do_unlinkat, i64 result) {
    if (test::is_own()) test::observe(reason::none, result);
}

BPFXX_INLINE auto arguments(int a, u64 b, char const *text, u16 c) -> void {
    char start[4] = {};
    helper::probe_read_user(start, sizeof start, text);
    test::observe(reason::none, a, b, start[0], start[1], c);
}
BPFXX_UPROBE_ANY(function, int a, u64 b, char const *text, u16 c) { arguments(a, b, text, c); }
BPFXX_URETPROBE_ANY(function_end, u64 result) { test::observe(reason::none, result); }
// The same, where the file is known.
BPFXX_UPROBE(named, "/proc/self/exe:bpfxx_traced", int a, u64 b, char const *text, u16 c) { arguments(a, b, text, c); }
BPFXX_URETPROBE(named_end, "/proc/self/exe:bpfxx_traced", u64 result) { test::observe(reason::none, result); }

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A program at a function has no answer.
// EXPECT: return
#include <bpfxx/kernel/kprobe.hpp>
using namespace bpfxx;

BPFXX_KPROBE(reject, do_unlinkat, int folder) {
#ifdef BPFXX_ACCEPT
    if (folder == 0) return;
#else
    return folder == 0;
#endif
}

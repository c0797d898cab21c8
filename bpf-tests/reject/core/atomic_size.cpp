// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel has no smaller atomics.
// EXPECT: the kernel has atomics of 4 and of 8 bytes
#include <bpfxx/core/atomic.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
auto count(atomic<u32> &n) -> void { ++n; }
#else
auto count(atomic<u16> &n) -> void { ++n; }
#endif

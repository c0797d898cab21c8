// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An argument is a word.
// EXPECT: an argument is an integer, an enum or a pointer
#include <bpfxx/kernel/fentry.hpp>
using namespace bpfxx;

struct pair {
    u64 a, b;
};
#ifdef BPFXX_ACCEPT
BPFXX_FENTRY(reject, tcp_connect, pair *p) { (void)p; }
#else
BPFXX_FENTRY(reject, tcp_connect, pair p) { (void)p; }
#endif

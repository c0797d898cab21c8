// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A reply is no verdict.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/sock_ops.hpp>
using namespace bpfxx;

BPFXX_SOCK_OPS(reject)(sock_ops::call call) {
#ifdef BPFXX_ACCEPT
    call.reply(5);
    return sock_ops::done;
#else
    call.reply(5);
    return 5;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a process has got cannot be denied.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/sock_addr.hpp>
using namespace bpfxx;

BPFXX_RECVMSG4(reject)(sock_named::call4 call) {
#ifdef BPFXX_ACCEPT
    call.set_port(be16{80});
    return sock_named::allow;
#else
    call.set_port(be16{80});
    return sock_addr::deny;
#endif
}

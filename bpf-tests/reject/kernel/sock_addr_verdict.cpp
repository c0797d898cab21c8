// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// True is no verdict.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/sock_addr.hpp>
using namespace bpfxx;

BPFXX_CONNECT4(reject)(sock_addr::call4 call) {
#ifdef BPFXX_ACCEPT
    return call.port() == be16{80} ? sock_addr::allow : sock_addr::deny;
#else
    return call.port() == be16{80};
#endif
}

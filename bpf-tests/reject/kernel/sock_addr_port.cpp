// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A port has its byte order in its type.
// EXPECT: be16
#include <bpfxx/kernel/sock_addr.hpp>
using namespace bpfxx;

BPFXX_CONNECT4(reject)(sock_addr::call4 call) {
#ifdef BPFXX_ACCEPT
    call.set_port(be16{80});
    return sock_addr::allow;
#else
    call.set_port(80);
    return sock_addr::allow;
#endif
}

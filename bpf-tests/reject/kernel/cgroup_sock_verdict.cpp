// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// True is no verdict.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/cgroup_sock.hpp>
using namespace bpfxx;

BPFXX_SOCK_CREATE(reject)(cgroup_sock::socket socket) {
#ifdef BPFXX_ACCEPT
    return socket.type() == 1 ? cgroup_sock::allow : cgroup_sock::deny;
#else
    return socket.type() == 1;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A bound socket is not changed any more.
// EXPECT: no member named 'set_mark'
#include <bpfxx/kernel/cgroup_sock.hpp>
using namespace bpfxx;

BPFXX_POST_BIND4(reject)(cgroup_bound::socket4 socket) {
#ifdef BPFXX_ACCEPT
    return socket.port() == be16{80} ? cgroup_sock::deny : cgroup_sock::allow;
#else
    socket.set_mark(1);
    return cgroup_sock::allow;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Which sockets the processes of a cgroup may have.
#include <bpfxx/kernel/cgroup_sock.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_MAP(released, spec::array<u64, 1>);

BPFXX_COUNT(create, counts, cgroup_sock::counters);
BPFXX_SOCK_CREATE(create)(cgroup_sock::socket socket) {
    if (socket.type() == 3 && socket.protocol() == 1) return cgroup_sock::deny; // raw, ICMP
    if (socket.type() == 2) {
        socket.set_mark(77);
        socket.set_priority(socket.mark() > 0 ? 5 : 6);
    }
    if (socket.type() == 5 && socket.priority() == 7 && socket.interface_index() == 3) socket.set_interface_index(4);
    return cgroup_sock::allow;
}
BPFXX_SOCK_RELEASE(closed)(cgroup_sock::socket) {
    released.lookup(0).then([](u64 &n) BPFXX_LAMBDA { ++n; });
    return cgroup_sock::allow;
}
BPFXX_POST_BIND4(bound_four)(cgroup_bound::socket4 socket) {
    test::observe(reason::none, socket.family(), socket.type(), socket.protocol(), socket.port(), socket.ip4());
    return socket.port() == be16{9999} ? cgroup_sock::deny : cgroup_sock::allow;
}
BPFXX_POST_BIND6(bound_six)(cgroup_bound::socket6 socket) {
    auto const first = socket.ip6<0>().value(), second = socket.ip6<1>().value();
    auto const third = socket.ip6<2>().value(), fourth = socket.ip6<3>().value();
    return first == 0 && second == 0 && third == 0 && fourth == 1                    ? cgroup_sock::deny
           : first == 0x2001'0db8 && second == 1 && third == 0x2'0000 && fourth == 3 ? cgroup_sock::deny
                                                                                     : cgroup_sock::allow;
}

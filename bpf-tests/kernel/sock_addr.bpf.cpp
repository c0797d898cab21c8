// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A cgroup whose processes see other addresses than there are.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/sock_addr.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

BPFXX_COUNT(connect_four, counts, sock_addr::counters);
BPFXX_CONNECT4(connect_four)(sock_addr::call4 call) {
    test::observe(reason::none, call.family(), call.type(), call.protocol(), call.port(), call.ip4(),
                  call.cookie() != 0);
    if (call.port() == be16{81}) return sock_addr::deny;
    if (call.port() == be16{80}) {
        call.set_port(be16{8080});
        call.set_ip4(be32{0x7f000001});
    }
    return sock_addr::allow;
}
BPFXX_CONNECT6(connect_six)(sock_addr::call6 call) {
    if (call.ip6<3>() == be32{1} && call.ip6<0>() == be32{0}) call.set_ip6<3>(be32{2});
    if (call.ip6<0>() == be32{0x2001'0db8}) { // the words of the address, the other way round
        auto const first = call.ip6<0>(), second = call.ip6<1>(), third = call.ip6<2>(), fourth = call.ip6<3>();
        call.set_ip6<0>(fourth);
        call.set_ip6<1>(third);
        call.set_ip6<2>(second);
        call.set_ip6<3>(be32{first.value() + 1});
    }
    return sock_addr::allow;
}
BPFXX_SENDMSG4(send_four)(sock_addr::call4 call) {
    if (call.port() == be16{53}) call.set_port(be16{5353});
    return call.port() == be16{54} ? sock_addr::deny : sock_addr::allow;
}
BPFXX_SENDMSG6(send_six)(sock_addr::call6 call) { return call.port() == be16{54} ? sock_addr::deny : sock_addr::allow; }
BPFXX_RECVMSG4(receive_four)(sock_named::call4 call) {
    if (call.port() == be16{5353}) call.set_port(be16{53});
    return sock_named::allow;
}
BPFXX_RECVMSG6(receive_six)(sock_named::call6) { return sock_named::allow; }
BPFXX_BIND4(bind_four)(sock_bind::call4 call) {
    if (call.port() == be16{1000}) return sock_bind::allow_any_port;
    if (call.port() == be16{1001}) call.set_port(be16{10001});
    return call.port() == be16{1002} ? sock_bind::deny : sock_bind::allow;
}
BPFXX_BIND6(bind_six)(sock_bind::call6 call) { return call.port() == be16{1002} ? sock_bind::deny : sock_bind::allow; }
BPFXX_GETPEERNAME4(peer_four)(sock_named::call4 call) {
    if (call.port() == be16{8080}) call.set_port(be16{80});
    return sock_named::allow;
}
BPFXX_GETPEERNAME6(peer_six)(sock_named::call6) { return sock_named::allow; }
BPFXX_GETSOCKNAME4(name_four)(sock_named::call4 call) {
    if (call.port() == be16{10001}) call.set_port(be16{1001});
    return sock_named::allow;
}
BPFXX_GETSOCKNAME6(name_six)(sock_named::call6) { return sock_named::allow; }

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel shows a program for IPv6 no IPv4 address.
// EXPECT: no member named 'ip4'
#include <bpfxx/kernel/sock_addr.hpp>
using namespace bpfxx;

BPFXX_CONNECT6(reject)(sock_addr::call6 call) {
#ifdef BPFXX_ACCEPT
    return call.ip6<0>() == be32{1} ? sock_addr::deny : sock_addr::allow;
#else
    return call.ip4() == be32{1} ? sock_addr::deny : sock_addr::allow;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A key is no integer.
// EXPECT: ip_proto'
// EXPECT: 'int'
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->protocol == net::ip_proto{6} ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->protocol == 6 ? xdp::drop : xdp::pass;
#endif
}

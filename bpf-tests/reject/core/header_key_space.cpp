// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An own header on a UDP port is not reached through TCP.
// EXPECT: cannot stand directly behind
// EXPECT: net::tcp
// EXPECT: own
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

struct own {
    static constexpr auto id = net::udp_port{4789};
    be16 length;
};

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::udp, own>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::tcp, own>() ? xdp::drop : xdp::pass;
#endif
}

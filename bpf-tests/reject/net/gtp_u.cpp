// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// GTP-U carries packets of IP; TCP stands in these.
// EXPECT: cannot stand directly behind
// EXPECT: net::gtp_u
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/gtp_u.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::udp, net::gtp_u, net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::udp, net::gtp_u, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

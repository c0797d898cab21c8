// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A session carries IP; a segment stands in that.
// EXPECT: cannot stand directly behind
// EXPECT: net::pppoe
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/pppoe.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::pppoe, net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::pppoe, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

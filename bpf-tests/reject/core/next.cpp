// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A chain that goes on by next() is checked as well.
// EXPECT: cannot stand directly behind
// EXPECT: net::ethernet
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    return eth.next<net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    return eth.next<net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// GUE carries protocols of IP by their numbers: not frames.
// EXPECT: cannot stand directly behind
// EXPECT: net::gue
// EXPECT: net::ethernet
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gue.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::udp, net::gue, net::ipv4>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::udp, net::gue, net::ethernet>() ? xdp::drop : xdp::pass;
#endif
}

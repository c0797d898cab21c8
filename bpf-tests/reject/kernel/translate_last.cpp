// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The last word is of the packet, not a header to be made.
// EXPECT: the last word is what stays of the packet
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
#ifdef BPFXX_ACCEPT
    return move(packet).translate(eth, net::ipv4{}, net::tcp{.flags = 0x12}, behind(segment)) ? xdp::tx : xdp::drop;
#else
    return move(packet).translate(eth, net::ipv4{}, net::tcp{.flags = 0x12}) ? xdp::tx : xdp::drop;
#endif
}

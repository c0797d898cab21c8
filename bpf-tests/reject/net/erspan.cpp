// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ERSPAN is GRE's, by an EtherType: IP does not lead to it.
// EXPECT: cannot stand directly behind
// EXPECT: net::ipv4
// EXPECT: net::erspan
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/erspan.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::gre, net::erspan, net::ethernet>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::erspan, net::ethernet>() ? xdp::drop : xdp::pass;
#endif
}

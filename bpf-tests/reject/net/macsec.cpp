// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An EtherType stands behind MACsec: no protocol of IP.
// EXPECT: cannot stand directly behind
// EXPECT: net::macsec
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/macsec.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::macsec, net::ipv4, net::tcp>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, net::macsec, net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

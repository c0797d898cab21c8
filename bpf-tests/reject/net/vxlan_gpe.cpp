// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// VXLAN-GPE stands behind a UDP port: not behind a TCP port.
// EXPECT: cannot stand directly behind
// EXPECT: net::tcp
// EXPECT: net::vxlan_gpe
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan_gpe.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::udp, net::vxlan_gpe>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::tcp, net::vxlan_gpe>() ? xdp::drop : xdp::pass;
#endif
}

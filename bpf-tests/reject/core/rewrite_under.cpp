// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What UDP carries is under its checksum.
// EXPECT: the checksum of the header before covers this one
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vxlan.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip, datagram, tunnel] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::vxlan>());
#ifdef BPFXX_ACCEPT
    packet.rewrite(datagram, tunnel).set<&net::vxlan::vni_reserved>(be32{7});
#else
    packet.rewrite(tunnel).set<&net::vxlan::vni_reserved>(be32{7});
#endif
    return xdp::pass;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a socket sends or receives is not written to.
// EXPECT: packets of this source are read only
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_CGROUP_INGRESS(reject)(cgroup_skb::packet packet) {
    auto [ip, datagram] = BPFXX_TRY(packet.parse<net::ipv4, net::udp>());
#ifdef BPFXX_ACCEPT
    (void)packet.length();
#else
    packet.rewrite(ip, datagram).source(be32{1});
#endif
    return cgroup_skb::allow;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Source NAT over IPv4: the source address and port of a known TCP or UDP flow become its outside ones.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

struct endpoint {
    be32 address;
    be16 port;
    net::ip_proto protocol;
    u8 unused;
};
BPFXX_MAP(outside_of, spec::hash<endpoint, endpoint, 1024>);

BPFXX_XDP(nat44)(xdp::packet packet) {
    auto [eth, ip, l4] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, either<net::tcp, net::udp>>());
    auto const *const outside = BPFXX_TRY(outside_of.lookup({ip->src, l4.source(), ip->protocol, 0}));
    packet.rewrite(ip, l4).source(outside->address).source(outside->port);
    return xdp::tx;
}

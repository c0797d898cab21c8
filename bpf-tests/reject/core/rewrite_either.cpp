// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A field of one alternative is none of the other.
// EXPECT: each alternative needs its field
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>>());
#ifdef BPFXX_ACCEPT
    packet.rewrite(ip).set<&net::ipv4::ttl, &net::ipv6::hop_limit>(u8{7});
#else
    packet.rewrite(ip).set<&net::ipv4::ttl>(u8{7});
#endif
    return xdp::pass;
}

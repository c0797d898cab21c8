// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// SCTP over IPv4, the first chunk, and the ports that it has in common with TCP and UDP.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/sctp_chunk.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(association, told)(xdp::packet packet) {
    auto [eth, ip, sctp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::sctp>());
    observe(reason::none, sctp->src, sctp->dst, sctp->tag, sctp->checksum, sctp.source(), sctp.destination(),
            sctp.payload().size());
    return xdp::pass;
}
BPFXX_XDP(ports_of_any, told)(xdp::packet packet) {
    auto [eth, ip, transport] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, //
                                                       either<net::tcp, net::udp, net::sctp>>());
    observe(reason::none, transport.source(), transport.destination(), transport.is<net::sctp>(),
            transport.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

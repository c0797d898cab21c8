// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The ports of any transport.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/ports.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(from_to, told)(xdp::packet packet) {
    auto [eth, ip, ports] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::ports>());
    observe(reason::none, ports->src, ports->dst, ports.source(), ports.destination(), ports.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

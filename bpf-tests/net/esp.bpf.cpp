// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// ESP over IPv4 and IPv6.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/esp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(encrypted, told)(xdp::packet packet) {
    auto [eth, ip, esp] = BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::esp>());
    observe(reason::none, esp->spi, esp->sequence, esp.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

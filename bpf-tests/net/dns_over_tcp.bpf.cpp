// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// DNS over TCP.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/dns_over_tcp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(query, told)(xdp::packet packet) {
    auto [eth, ip, tcp, frame, dns] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp, net::dns_over_tcp, net::dns>());
    observe(reason::none, frame->length, frame.payload().size(), dns->identification, dns.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

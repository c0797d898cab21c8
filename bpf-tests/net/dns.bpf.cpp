// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// DNS over UDP: the header of a query, and of an answer, whose source port the program looks at.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(query, told)(xdp::packet packet) {
    auto [eth, ip, udp, dns] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::dns>());
    observe(reason::none, dns->identification, dns->questions, dns->answers, dns->authorities, dns->additionals,
            dns->opcode(), dns->rcode(), dns.payload().size());
    return xdp::pass;
}
BPFXX_XDP(flags, told)(xdp::packet packet) {
    auto [eth, ip, udp, dns] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::dns>());
    observe(reason::none, dns->is_response(), dns->authoritative(), dns->truncated(), dns->recursion_desired(),
            dns->recursion_available(), dns->authentic_data(), dns->checking_disabled());
    return xdp::pass;
}
BPFXX_XDP(answer, told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    if (udp.source() != be16{53}) return reason::other_protocol;
    auto const dns = BPFXX_TRY(udp.payload().assume<net::dns>());
    observe(reason::none, dns->is_response(), dns->answers);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

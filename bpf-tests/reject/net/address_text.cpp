// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What is parsed may be malformed: the address is not there unless it was asked for.
// EXPECT: not checked yet: take it apart with BPFXX_TRY
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/address_text.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto const host = net::parse_ipv4("10.0.0.1").value_or({});
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->src == host ? xdp::drop : xdp::pass;
#else
    auto const host = net::parse_ipv4("10.0.0.1");
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->src.wire() == host->wire() ? xdp::drop : xdp::pass;
#endif
}

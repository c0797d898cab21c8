// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An IPv6 address with two gaps.
// EXPECT: no IPv6 address: write it as
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/literals.hpp>
using namespace bpfxx;
using namespace bpfxx::net::literals;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto ip = BPFXX_TRY(packet.parse<net::ipv6>());
    return ip->src == "2001:db8::1"_ipv6 ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv6>());
    return ip->src == "2001::db8::1"_ipv6 ? xdp::drop : xdp::pass;
#endif
}

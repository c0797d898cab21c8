// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An IPv4 address whose last number is too large.
// EXPECT: no IPv4 address: it has four numbers up to 255
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/literals.hpp>
using namespace bpfxx;
using namespace bpfxx::net::literals;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->src == "10.0.0.255"_ipv4 ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->src == "10.0.0.256"_ipv4 ? xdp::drop : xdp::pass;
#endif
}

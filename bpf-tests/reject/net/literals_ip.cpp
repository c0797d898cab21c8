// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An address that is of neither version.
// EXPECT: no IP address: write it as
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
    return ip->source() == "10.0.0.1"_ip ? xdp::drop : xdp::pass;
#else
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
    return ip->source() == "10.0.0"_ip ? xdp::drop : xdp::pass;
#endif
}

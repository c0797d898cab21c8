// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A MAC address of five bytes.
// EXPECT: no MAC address: write it as
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/literals.hpp>
using namespace bpfxx;
using namespace bpfxx::net::literals;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    return eth->src == "02:00:00:00:00:01"_mac ? xdp::drop : xdp::pass;
#else
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    return eth->src == "02:00:00:00:00"_mac ? xdp::drop : xdp::pass;
#endif
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// QUIC's short header with connection IDs of two lengths.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/quic_short.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(eight, told)(xdp::packet packet) {
    auto [eth, ip, udp, quic, header] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::quic, net::quic_short<8>>());
    observe(reason::none, test::number(header->destination_id), header.payload().size());
    return xdp::pass;
}
BPFXX_XDP(twenty, told)(xdp::packet packet) {
    auto [eth, ip, udp, quic, header] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::quic, net::quic_short<20>>());
    observe(reason::none, test::number(header->destination_id), test::number(&header->destination_id[12]),
            header.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

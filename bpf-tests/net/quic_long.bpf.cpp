// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// QUIC's long header and its two connection IDs.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/quic_long.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(ids, told)(xdp::packet packet) {
    auto [eth, ip, udp, quic, header] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::quic, net::quic_long>());
    auto const from = BPFXX_TRY(net::source_id_of(header));
    alignas(8) u8 destination[24], source[24]; // words of them are read
    auto const destination_size = header.options().copy_to(destination);
    auto const source_size = from.copy_to(source);
    observe(reason::none, header->version, destination_size, test::number(&destination[0]),
            test::number(&destination[16]), source_size, test::number(&source[0]), test::number(&source[16]));
    return xdp::pass;
}
BPFXX_XDP(version, told)(xdp::packet packet) {
    auto [eth, ip, udp, quic, header] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::quic, net::quic_long>());
    observe(reason::none, header->version, header->destination_id_length, header.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The host that a TLS client asks for.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <bpfxx/net/tls_server_name.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(asked, told)(xdp::packet packet) {
    auto [eth, ip, tcp, record, handshake] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp, net::tls_record, net::tls_handshake>());
    auto const name = BPFXX_TRY(net::server_name_of(handshake));
    observe(reason::none, name.size(), name.starts_with("example.com"), name.read<u8>().value_or(0),
            name.read<u8>(name.size() - 1).value_or(0));
    return xdp::pass;
}
BPFXX_XDP(copied, told)(xdp::packet packet) {
    auto [eth, ip, tcp, record, handshake] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::tcp, net::tls_record, //
                               net::tls_handshake>());
    auto const name = BPFXX_TRY(net::server_name_of<3>(handshake));
    alignas(8) u8 text[64];
    u32 const size = name.copy_to(text);
    observe(reason::none, size, test::number(&text[0]), test::number(&text[8]), test::number(&text[16]));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

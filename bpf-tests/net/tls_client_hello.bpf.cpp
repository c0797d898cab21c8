// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The start of a TLS client's first message.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_client_hello.hpp>
#include <bpfxx/net/tls_handshake.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(hello, told)(xdp::packet packet) {
    auto [eth, ip, tcp, record, handshake, client] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp, net::tls_record, net::tls_handshake, //
                               net::tls_client_hello>());
    observe(reason::none, client->version, test::number(&client->random[0]), client->session_id_length,
            client.options().size(), client.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A name is in the handshake, not in the record around it.
// EXPECT: 'server_name_of
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <bpfxx/net/tls_server_name.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [tcp, record, handshake] = BPFXX_TRY(packet.parse<net::tcp, net::tls_record, net::tls_handshake>());
    auto const name = BPFXX_TRY(net::server_name_of(handshake));
#else
    auto [tcp, record] = BPFXX_TRY(packet.parse<net::tcp, net::tls_record>());
    auto const name = BPFXX_TRY(net::server_name_of(record));
#endif
}

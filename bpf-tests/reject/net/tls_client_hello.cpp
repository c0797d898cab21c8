// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A client's hello is one message of a handshake.
// EXPECT: cannot stand directly behind
// EXPECT: net::tls_record
// EXPECT: net::tls_client_hello
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_client_hello.hpp>
#include <bpfxx/net/tls_handshake.hpp>
#include <bpfxx/net/tls_record.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::tcp, net::tls_record, net::tls_handshake, net::tls_client_hello>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::tcp, net::tls_record, net::tls_client_hello>() ? xdp::drop : xdp::pass;
#endif
}

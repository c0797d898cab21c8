// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A handshake is in records.
// EXPECT: cannot stand directly behind
// EXPECT: net::tcp
// EXPECT: net::tls_handshake
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_handshake.hpp>
#include <bpfxx/net/tls_record.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::tcp, net::tls_record, net::tls_handshake>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::tcp, net::tls_handshake>() ? xdp::drop : xdp::pass;
#endif
}

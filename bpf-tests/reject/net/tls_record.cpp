// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TLS is carried by TCP.
// EXPECT: cannot stand directly behind
// EXPECT: net::udp
// EXPECT: net::tls_record
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ipv4, net::tcp, net::tls_record>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ipv4, net::udp, net::tls_record>() ? xdp::drop : xdp::pass;
#endif
}

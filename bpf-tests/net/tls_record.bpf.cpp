// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TLS records on any port.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(record, told)(xdp::packet packet) {
    auto [eth, ip, tcp, tls] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp, net::tls_record>());
    observe(reason::none, tls->type, tls->version, tls->length, tls.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

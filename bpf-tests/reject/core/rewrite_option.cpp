// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Bytes of options are those of a header that has any.
// EXPECT: the last layer named is no header that has options
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());
    BPFXX_TRY(packet.rewrite(ip, segment).write_option(2, be16{1400}));
#else
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    BPFXX_TRY(packet.rewrite(ip, datagram).write_option(2, be16{1400}));
#endif
    return xdp::pass;
}

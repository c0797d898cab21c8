// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Options are those of a TCP segment.
// EXPECT: 'options_of
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp_options.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [ip, segment] = BPFXX_TRY(packet.parse<net::ipv4, net::tcp>());
    auto const options = BPFXX_TRY(net::options_of(segment));
#else
    auto [ip, datagram] = BPFXX_TRY(packet.parse<net::ipv4, net::udp>());
    auto const options = BPFXX_TRY(net::options_of(datagram));
#endif
}

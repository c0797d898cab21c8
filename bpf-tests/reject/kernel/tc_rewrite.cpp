// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A rewrite of a TC packet voids what was parsed: it takes the packet.
// EXPECT: what was parsed is void behind a rewrite: move(packet).rewrite(...)
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_TC(reject)(tc::packet packet) {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
#ifdef BPFXX_ACCEPT
    move(packet).rewrite(ip, datagram).source(be32{1});
#else
    packet.rewrite(ip, datagram).source(be32{1});
#endif
    return tc::ok;
}

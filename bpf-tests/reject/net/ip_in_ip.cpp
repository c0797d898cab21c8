// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No port says that a segment carries another: only the program can, by assume().
// EXPECT: cannot stand directly behind
// EXPECT: net::tcp
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
    auto [ip, segment] = BPFXX_TRY(packet.parse<net::ipv4, net::tcp>());
#ifdef BPFXX_ACCEPT
    return segment.payload().assume<net::tcp>() ? xdp::drop : xdp::pass;
#else
    return segment.next<net::tcp>() ? xdp::drop : xdp::pass;
#endif
}

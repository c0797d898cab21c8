// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A header that the walk cannot come to.
// EXPECT: this protocol is not in the set that is walked over
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_WALKER(over, xdp, net::ethernet, net::ipv4);
#ifdef BPFXX_ACCEPT
using asked = net::ipv4;
#else
using asked = net::tcp;
#endif
BPFXX_XDP(reject)(xdp::packet packet) {
    u32 count = 0;
    auto const see = [&](auto const &h) BPFXX_LAMBDA { count += h.template is<asked>(); };
    walk<4, over>(packet, see);
    return count == 1 ? xdp::drop : xdp::pass;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A header that says how long its packet is cannot be repeated in one step.
// EXPECT: a header with a length of its own cannot be repeated
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::ethernet, net::ipv4, net::ipv4>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::ethernet, up_to<2, net::ipv4>>() ? xdp::drop : xdp::pass;
#endif
}

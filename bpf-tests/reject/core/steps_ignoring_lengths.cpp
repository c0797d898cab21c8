// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A word that says how a whole chain is walked, behind its first header.
// EXPECT: they stand in front of a chain's headers
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

auto protocol(xdp::packet packet) -> reason {
#ifdef BPFXX_ACCEPT
    auto [eth, ip] = BPFXX_TRY(packet.parse<ignoring_lengths, net::ethernet, net::ipv4>());
#else
    auto [eth, ip] = BPFXX_TRY(packet.parse<net::ethernet, ignoring_lengths, net::ipv4>());
#endif
    return ip->protocol == net::ip_proto{6} ? reason::none : reason::other_protocol;
}

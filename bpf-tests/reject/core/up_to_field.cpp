// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// There may be no tag, so its fields are reached through then().
// EXPECT: .then(
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [eth, tags] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>>());
    auto drop = false;
    tags.then([&](net::vlan const &tag) BPFXX_LAMBDA { drop = tag.identifier() == 7; });
    return drop ? xdp::drop : xdp::pass;
#else
    auto [eth, tags] = BPFXX_TRY(packet.parse<net::ethernet, up_to<2, net::vlan>>());
    return tags->identifier() == 7 ? xdp::drop : xdp::pass;
#endif
}

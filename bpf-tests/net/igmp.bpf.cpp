// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// IGMP over IPv4.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/igmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(membership, told)(xdp::packet packet) {
    auto [eth, ip, igmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::igmp>());
    observe(reason::none, igmp->type, igmp->max_response, igmp->checksum, igmp->group, igmp->is_query(),
            igmp->is_report(), igmp->is_leave(), igmp.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

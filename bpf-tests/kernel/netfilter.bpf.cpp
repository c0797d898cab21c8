// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The same parser as everywhere, at a hook of netfilter.
#include <bpfxx/kernel/netfilter.hpp>
#include <kernel/sources.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_COUNT(incoming, counts, netfilter::counters);
BPFXX_NETFILTER(incoming)(netfilter::packet packet) {
    auto [ip, datagram] = BPFXX_TRY(packet.parse<net::ipv4, net::udp>());
    test::observe(reason::none, datagram->dst, packet.length(), static_cast<u32>(packet.where()), packet.family(),
                  packet.from_interface(), packet.to_interface(), datagram.payload().size(),
                  BPFXX_TRY(packet.load<u8>(28)));
    return datagram.payload().starts_with("drop") ? netfilter::drop : netfilter::accept;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The first byte of the payload chooses the socket.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/sk_reuseport.hpp>
#include <bpfxx/net/udp.hpp>
#include <kernel/socket_maps.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_COUNT(by_byte, counts, sk_reuseport::counters);
BPFXX_SK_REUSEPORT(by_byte, sk_reuseport::drop)(sk_reuseport::packet packet) {
    auto [datagram] = BPFXX_TRY(packet.parse<net::udp>());
    u32 const index = BPFXX_TRY(datagram.payload().read<u8>());
    test::observe(reason::none, datagram->dst, packet.length(), packet.protocol(), packet.is_bound_to_any(),
                  packet.hash(), packet.payload().size());
    if (index == 9) return sk_reuseport::pass;
    if (auto const why = packet.select(group, index); why != reason::none) return why;
    return sk_reuseport::pass;
}

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// All that a socket may say to a packet.
#include <bpfxx/kernel/socket_filter.hpp>
#include <kernel/sources.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_COUNT(only_transport, counts, socket_filter::counters);
BPFXX_SOCKET_FILTER(only_transport, socket_filter::drop)(socket_filter::packet packet) {
    BPFXX_TRY(sources::read_network(packet));
    return socket_filter::keep;
}
BPFXX_SOCKET_FILTER(told, test::told_as<socket_filter::action>)(socket_filter::packet packet) {
    BPFXX_TRY(sources::read_network(packet));
    return socket_filter::keep;
}
/// For a UDP socket: its packets start with the UDP header.
BPFXX_SOCKET_FILTER(to_socket)(socket_filter::packet packet) {
    auto [datagram] = BPFXX_TRY(packet.parse<net::udp>());
    if (datagram.payload().starts_with("drop")) return socket_filter::drop;
    if (datagram.payload().starts_with("cut")) return socket_filter::first(sizeof(net::udp) + 3);
    return socket_filter::keep;
}
/// Bytes behind the window are loaded one by one.
BPFXX_SOCKET_FILTER(far)(socket_filter::packet packet) {
    test::observe(reason::none, packet.length(), packet.payload().size(), BPFXX_TRY(packet.load<be16>(1000)),
                  packet.interface_index(), packet.mark(), packet.priority());
    return socket_filter::first(4);
}

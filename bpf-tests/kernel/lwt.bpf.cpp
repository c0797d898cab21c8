// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The same parser as everywhere, at the three hooks of a route.
#include <bpfxx/kernel/lwt.hpp>
#include <kernel/sources.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_LWT_IN(incoming)(lwt::packet packet) {
    BPFXX_TRY(sources::read_network(packet));
    return lwt::ok;
}
BPFXX_COUNT(outgoing, counts, lwt::counters);
BPFXX_LWT_OUT(outgoing)(lwt::packet packet) {
    auto const pulled = BPFXX_TRY(bpfxx::move(packet).pull(64));
    auto [ip, datagram] = BPFXX_TRY(pulled.parse<exactly, net::ipv4, net::udp>());
    return datagram->dst == net::udp_port{7777} ? lwt::drop : lwt::ok;
}
BPFXX_LWT_XMIT(sent, lwt::drop)(lwt::packet packet) {
    BPFXX_TRY(sources::read_network(packet));
    return lwt::ok;
}

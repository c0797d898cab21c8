// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Sends datagrams over IPv4 to the port of the entity that the first two bytes of their payload name, if the payload has
/// 4 to 1200 bytes. As in its anchor a packet ends where its frame ends; with STRICT where its IP header says. With ARRAY ports
/// are found in an array instead of a hash.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/unfragmented_ipv4.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

struct message {
    static constexpr auto id = any<net::udp_port>{};
    be16 tag;
};
#ifdef ARRAY
BPFXX_MAP(entity_port, spec::array<be16, 65536>);
#else
BPFXX_MAP(entity_port, spec::hash<be16, be16, 256>);
#endif

BPFXX_XDP(remap)(xdp::packet packet) {
    auto [eth, ip, datagram, own] = BPFXX_TRY(
#ifdef STRICT
        packet.parse<net::ethernet, net::unfragmented_ipv4, net::udp, message>()
#else
        packet.parse<ignoring_lengths, net::ethernet, net::unfragmented_ipv4, net::udp, message>()
#endif
    );
    if (datagram->length.value() - 12u > 1200 - 4) return xdp::pass;
#ifdef ARRAY
    auto const *const port = BPFXX_TRY(entity_port.lookup(own->tag.wire()));
    if (*port == be16{0}) return xdp::pass;
#else
    auto const *const port = BPFXX_TRY(entity_port.lookup_in_place(own->tag));
#endif
    packet.rewrite(datagram).destination(*port);
    return xdp::pass;
}

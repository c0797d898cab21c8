// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Checksums recomputed and updated in a packet.
#include <bpfxx/core/checksum.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;

/// The payload's first word becomes the identification, the second the destination port.
BPFXX_XDP(rewrite, test::told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    auto const identification = BPFXX_TRY(udp.payload().read<be16>());
    auto const port = BPFXX_TRY(udp.payload().read<be<net::udp_port>>(2));
    packet.raw(ip, [&](net::ipv4 &h) BPFXX_LAMBDA {
        h.checksum.put(checksum_update(h.checksum.wire(), h.identification.wire(), identification.wire()));
        h.identification = identification;
    });
    packet.raw(udp, [&](net::udp &h) BPFXX_LAMBDA {
        h.checksum.put(checksum_update_nonzero(h.checksum.wire(), h.dst.wire(), port.wire()));
        h.dst = port;
    });
    return xdp::tx;
}

/// What the fields should say: a right header adds up to zero.
BPFXX_XDP(verify, test::told)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    checksum header, datagram;
    header.add(*ip);
    datagram.add(ip->src).add(ip->dst).add(be16{17}).add(udp->length).add(*udp);
    datagram.add_bytes<256>(udp.payload());
    test::observe(reason::none, header.value(), datagram.value());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");

// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// QUIC over UDP: which header follows, and both of them at once.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/quic.hpp>
#include <bpfxx/net/quic_long.hpp>
#include <bpfxx/net/quic_short.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(form, told)(xdp::packet packet) {
    auto [eth, ip, udp, quic] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::quic>());
    observe(reason::none, quic->is_long(), quic->type(), quic->spin(), quic.payload().size());
    return xdp::pass;
}
/// The server's connection ID, whose length it has chosen: the first 8 bytes, whatever the header.
BPFXX_XDP(flow, told)(xdp::packet packet) {
    auto [eth, ip, udp, quic, header] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::quic,
                               either<net::quic_long, net::quic_short<8>>>());
    auto const *const at = reinterpret_cast<u8 const *>(header.at);
    u64 const id = header.is<net::quic_short<8>>() ? test::number(at) : 0;
    observe(reason::none, header.is<net::quic_long>(), id, header.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
